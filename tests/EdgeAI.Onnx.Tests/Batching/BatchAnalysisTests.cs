using System.Collections.Immutable;

namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class BatchAnalysisTests
{
    private const TensorElementType Float = TensorElementType.Float32;

    [TestMethod]
    public void Analyze_DigitsModel_IsPossible()
    {
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(Repository("samples/Quickstart/digits.onnx")));

        var analysis = (BatchAnalysis)descriptor.GetService(typeof(BatchAnalysis))!;

        Assert.IsTrue(analysis.IsPossible, analysis.Reason);
        CollectionAssert.AreEqual(new int?[] { 0 }, analysis.InputAxes.ToArray());
        Assert.AreSame(analysis, descriptor.GetService(typeof(BatchAnalysis)));
    }

    [TestMethod]
    [DataRow("silero-vad/silero_vad_v5.onnx", "(If) runs a subgraph")]
    [DataRow("light/light_resnet50.onnx", "has the fixed length 1 on axis 0")]
    [DataRow("light/light_squeezenet.onnx", "has the fixed length 1 on axis 0")]
    public void Analyze_RealModel_IsRefusedForItsReason(string path, string reason)
    {
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(SharedModels.Require(path)));

        var analysis = (BatchAnalysis)descriptor.GetService(typeof(BatchAnalysis))!;

        Assert.IsFalse(analysis.IsPossible);
        StringAssert.Contains(analysis.Reason, reason);
        Assert.IsTrue(analysis.InputAxes.All(axis => axis is null));
    }

    [TestMethod]
    public void Analyze_Overridden_IsFixed()
    {
        var model = TestModels.Convolution();

        Assert.IsTrue(BatchAnalysis.Analyze(model).IsPossible, BatchAnalysis.Analyze(model).Reason);
        Assert.AreEqual("input 'x' has the fixed length 4 on axis 0", BatchAnalysis.Analyze(model, new Dictionary<string, long> { ["batch"] = 4 }).Reason);
    }

    [TestMethod]
    public void Analyze_EveryTestModel_GivesAReason()
    {
        foreach (var (name, model) in TestModels.All)
        {
            var analysis = BatchAnalysis.Analyze(model);
            Console.WriteLine($"{name}: {analysis}");
            Assert.IsNotEmpty(analysis.Reason);
        }
    }

    private static string Repository(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgeAI.sln"))) folder = folder.Parent;
        return Path.Combine(folder!.FullName, path);
    }
}
