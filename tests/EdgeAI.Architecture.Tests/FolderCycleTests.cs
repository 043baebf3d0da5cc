using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeAI.Architecture;

/// <summary>The folders of a project depend on each other in one direction: a newcomer can read them in order.</summary>
[TestClass]
public sealed class FolderCycleTests
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

    /// <summary>Which folder uses types that another one declares. Other assemblies need not resolve: only the project's own types count.</summary>
    private static Dictionary<string, HashSet<string>> FolderUses(ProjectFile project)
    {
        var trees = Directory.GetFiles(project.Folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => FolderOf(project, path) is not ("obj" or "bin"))
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path))
            .ToArray();
        var compilation = CSharpCompilation.Create(project.Name, trees, [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);
        var uses = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var tree in trees)
        {
            // Files beside the project file belong to no folder: everybody may use them.
            var folder = FolderOf(project, tree.FilePath);
            if (folder.Length == 0) continue;
            if (!uses.TryGetValue(folder, out var used)) uses[folder] = used = new HashSet<string>(StringComparer.Ordinal);
            var semantics = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (semantics.GetSymbolInfo(name).Symbol is not INamedTypeSymbol type) continue;
                foreach (var place in type.OriginalDefinition.Locations.Where(location => location.IsInSource))
                {
                    var home = FolderOf(project, place.SourceTree!.FilePath);
                    if (home.Length > 0 && home != folder) used.Add(home);
                }
            }
        }

        return uses;
    }

    private static string FolderOf(ProjectFile project, string path)
    {
        var parts = Path.GetRelativePath(project.Folder, path).Split(Path.DirectorySeparatorChar);
        return parts.Length == 1 ? "" : parts[0];
    }
}
