namespace EdgeAI.Architecture;

/// <summary>Who may see whom: the table of docs/architecture.md.</summary>
[TestClass]
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> _allowed = new(StringComparer.Ordinal)
    {
        ["EdgeAI.Abstractions"] = [],
        ["EdgeAI.Onnx"] = ["EdgeAI.Abstractions"],
        ["EdgeAI.Runtime"] = ["EdgeAI.Abstractions", "EdgeAI.Onnx"],
        ["EdgeAI.OnnxRuntime"] = ["EdgeAI.Abstractions", "EdgeAI.Onnx"],
        ["EdgeAI.Providers.Cpu"] = ["EdgeAI.Abstractions", "EdgeAI.Onnx", "EdgeAI.OnnxRuntime"],
        ["EdgeAI.Providers.Cuda"] = ["EdgeAI.Abstractions", "EdgeAI.Onnx", "EdgeAI.OnnxRuntime"],
        ["EdgeAI.Generation"] = ["EdgeAI.Abstractions", "EdgeAI.Onnx", "EdgeAI.OnnxRuntime"],
        ["EdgeAI.Testing"] = ["EdgeAI.Abstractions", "EdgeAI.Onnx", "EdgeAI.Runtime"],
        ["EdgeAI.Testing.Conformance"] = ["EdgeAI.Abstractions", "EdgeAI.Onnx", "EdgeAI.Runtime", "EdgeAI.Testing"],
        ["EdgeAI.Cli"] = ["EdgeAI.Abstractions", "EdgeAI.Onnx", "EdgeAI.OnnxRuntime", "EdgeAI.Runtime", "EdgeAI.Providers.Cpu", "EdgeAI.Providers.Cuda", "EdgeAI.Generation"],
    };

    private static readonly string[] _mayUseOnnxRuntime = ["EdgeAI.OnnxRuntime", "EdgeAI.Providers.Cpu", "EdgeAI.Cli"];

    public static IEnumerable<object[]> Projects => ProjectFile.All.Select(project => new object[] { project.Name });

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void Project_References_AreAllowed(string name)
    {
        var project = ProjectFile.All.Single(p => p.Name == name);

        Assert.IsTrue(_allowed.TryGetValue(name, out var allowed), $"{name} is new: say in this table and in docs/architecture.md whom it may see.");
        CollectionAssert.IsSubsetOf(project.Projects.ToArray(), allowed);
    }

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void Project_OnnxRuntimePackage_IsReferencedWhereAllowed(string name)
    {
        var project = ProjectFile.All.Single(p => p.Name == name);
        if (_mayUseOnnxRuntime.Contains(name)) return;

        Assert.IsFalse(project.Packages.Any(p => p.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal)), $"{name} must not know ONNX Runtime.");
    }

    [TestMethod]
    public void Abstractions_Packages_AreTheTwo() =>
        CollectionAssert.AreEquivalent(
            new[] { "Microsoft.Extensions.DependencyInjection.Abstractions", "System.Numerics.Tensors" },
            ProjectFile.All.Single(p => p.Name == "EdgeAI.Abstractions").Packages.ToArray());
}
