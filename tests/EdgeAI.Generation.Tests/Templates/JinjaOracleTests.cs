using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Generation.Tests.Templates;

/// <summary>
/// Templates rendered by Jinja2 3.1.6 in Python, set up as Hugging Face does: immutable sandbox, <c>trim_blocks</c>, <c>lstrip_blocks</c>, loop controls,
/// its <c>tojson</c>. The cases lie in <c>jinja-cases.json</c>.
/// </summary>
[TestClass]
public sealed class JinjaOracleTests
{
    [TestMethod]
    public void Render_EveryCase_IsWhatJinja2Renders()
    {
        using var stream = typeof(JinjaOracleTests).Assembly.GetManifestResourceStream("jinja-cases.json")!;
        var file = JsonNode.Parse(stream)!;
        var cases = file["cases"]!.AsArray();
        var wrong = new List<string>();
        foreach (var entry in cases)
        {
            var source = entry!["template"]!.GetValue<string>();
            var expected = entry["text"]!.GetValue<string>();
            var actual = Render(source, file["variables"]!.AsObject());
            if (actual != expected) wrong.Add($"{source}\n  expected {expected}\n  actual   {actual}");
        }

        Assert.IsEmpty(wrong, string.Join("\n", wrong));
        Assert.HasCount(49, cases);
    }

    private static string Render(string source, JsonObject variables)
    {
        try
        {
            return new ChatTemplate(source, null, [], new FakeTimeProvider()).Render([], null, false, variables);
        }
        catch (ChatTemplateException exception)
        {
            return exception.Message;
        }
    }
}
