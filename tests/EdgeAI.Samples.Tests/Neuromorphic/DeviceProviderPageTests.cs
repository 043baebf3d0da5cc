using System.Text.RegularExpressions;

namespace EdgeAI.Samples.Tests.Neuromorphic;

/// <summary>The code in docs/extending/device-provider.md is the sample's.</summary>
[TestClass]
public sealed partial class DeviceProviderPageTests
{
    private static readonly string _root = FindRoot();

    [TestMethod]
    public void Snippets_EveryLine_IsInItsFileInThisOrder()
    {
        var page = File.ReadAllText(Path.Combine(_root, "docs", "extending", "device-provider.md")).ReplaceLineEndings("\n");
        var snippets = Snippet().Matches(page);

        Assert.HasCount(Fence().Count(page), snippets, "Every piece of code must follow a line that ends with: From `file`:");
        foreach (Match snippet in snippets)
        {
            var name = snippet.Groups["file"].Value;
            var path = Path.Combine(_root, name.StartsWith("tests/", StringComparison.Ordinal) ? "" : "samples/CustomProvider", name);
            var lines = File.ReadAllLines(path).Select(line => line.Trim()).ToArray();
            var at = 0;
            foreach (var line in snippet.Groups["code"].Value.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line != "// ..."))
            {
                var found = Array.IndexOf(lines, line, at);
                Assert.IsGreaterThanOrEqualTo(0, found, $"{name} no longer has, after its line {at}: {line}");
                at = found + 1;
            }
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EdgeAI.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex("From `(?<file>[^`]+)`:\n\n```(csharp|xml)\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex("^```(csharp|xml)$", RegexOptions.Multiline)]
    private static partial Regex Fence();
}
