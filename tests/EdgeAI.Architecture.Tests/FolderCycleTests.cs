using System.Text.RegularExpressions;

namespace EdgeAI.Architecture;

/// <summary>The folders of a project depend on each other in one direction: a newcomer can read them in order.</summary>
[TestClass]
public sealed partial class FolderCycleTests
{
    public static IEnumerable<object[]> Projects => ProjectFile.All.Select(project => new object[] { project.Name });

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void Project_Folders_HaveNoCycle(string name)
    {
        var project = ProjectFile.All.Single(p => p.Name == name);
        var uses = FolderUses(project);
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in uses.Keys) Visit(folder, [], uses, done);
    }

    [TestMethod]
    public void Visit_ACycle_IsFound()
    {
        var uses = new Dictionary<string, HashSet<string>> { ["a"] = ["b"], ["b"] = ["c"], ["c"] = ["a"] };

        Assert.Throws<AssertFailedException>(() => Visit("a", [], uses, []));
    }

    private static void Visit(string folder, List<string> path, Dictionary<string, HashSet<string>> uses, HashSet<string> done)
    {
        if (path.Contains(folder)) Assert.Fail($"Folders depend on each other: {string.Join(" -> ", path)} -> {folder}");
        if (!done.Add(folder)) return;
        path.Add(folder);
        foreach (var used in uses.GetValueOrDefault(folder, [])) Visit(used, path, uses, done);
        path.Remove(folder);
        done.Add(folder);
    }

    /// <summary>Which folder names types that another one declares. Text is enough: type names are unique within a project.</summary>
    private static Dictionary<string, HashSet<string>> FolderUses(ProjectFile project)
    {
        var files = Directory.GetFiles(project.Folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Folder: FolderOf(project, path), Text: Comments().Replace(File.ReadAllText(path), "")))
            .Where(file => file.Folder is not ("" or "obj" or "bin"))
            .ToArray();
        var declared = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (folder, text) in files)
        {
            foreach (Match match in Declarations().Matches(text)) declared.TryAdd(match.Groups[1].Value, folder);
        }

        return files.GroupBy(file => file.Folder).ToDictionary(
            group => group.Key,
            group => group.SelectMany(file => Words().Matches(file.Text).Select(m => m.Value))
                .Where(word => declared.TryGetValue(word, out var home) && home != group.Key)
                .Select(word => declared[word])
                .ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    private static string FolderOf(ProjectFile project, string path)
    {
        var parts = Path.GetRelativePath(project.Folder, path).Split(Path.DirectorySeparatorChar);
        return parts.Length == 1 ? "" : parts[0];
    }

    [GeneratedRegex(@"^(?:public|internal)[\w ]*?\b(?:class|struct|interface|enum|record(?: struct| class)?)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declarations();

    [GeneratedRegex(@"//[^\n]*|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex Comments();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Words();
}
