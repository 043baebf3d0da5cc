using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>What a chat template does with what not every one knows: found out by rendering a made-up conversation. Immutable.</summary>
/// <param name="ShowsTools">Whether the model gets to see the tools. Many templates ignore them without a word.</param>
/// <param name="TakesSystem">Whether it gets to see a message of the system. Some templates refuse one, some leave it out.</param>
internal sealed record TemplateAbilities(bool ShowsTools, bool TakesSystem)
{
    private const string ToolName = "edgeai_probe_tool", SystemText = "edgeai-probe-system";

    /// <summary>Finds out.</summary>
    public static TemplateAbilities Of(IChatTemplate template) => new(
        Shows(template, ToolName, [Message("user", "Hello")], [CreateTool()]),
        Shows(template, SystemText, [Message("system", SystemText), Message("user", "Hello")], tools: null));

    private static bool Shows(IChatTemplate template, string what, IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject>? tools)
    {
        try
        {
            return template.Render(messages, tools).Contains(what, StringComparison.Ordinal);
        }
        catch (ChatTemplateException)
        {
            return false;
        }
    }

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private static JsonObject CreateTool() => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = ToolName, ["description"] = "Tells nothing.", ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() } },
    };
}
