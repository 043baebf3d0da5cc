namespace EdgeAI.Onnx.Tests.Cost;

/// <summary>Real architectures, against what others count. Torchvision's table of pre-trained weights calls a multiplication with its addition one operation.</summary>
[TestClass]
public sealed class KnownModelCostTests
{
    [TestMethod]
    public void Estimate_ResNet50_IsAsPublished()
    {
        // Torchvision: 4.09 GFLOPS and 25,557,032 parameters at 224 x 224. Here each of the 53 normalisations also has the mean and variance of its channels, 26,560 in all.
        var cost = Estimate("light/light_resnet50.onnx");

        Assert.IsTrue(cost.IsComplete, string.Join("; ", cost.Unknown));
        Assert.AreEqual(4.09, ProductsOf(cost) / 1e9, 0.005);
        Assert.AreEqual(4 * (25_557_032 + (2 * 26_560)), cost.WeightBytes);
        Assert.AreEqual(53, cost.Families.Single(family => family.Family == OperatorFamily.Convolution).Nodes);
    }

    [TestMethod]
    public void Estimate_SqueezeNet_IsAsPublished()
    {
        // Torchvision, SqueezeNet 1.1: 0.35 GFLOPS and 1,235,496 parameters at 224 x 224.
        var cost = Estimate("light/light_squeezenet.onnx");

        Assert.IsTrue(cost.IsComplete, string.Join("; ", cost.Unknown));
        Assert.AreEqual(0.35, ProductsOf(cost) / 1e9, 0.005);
        Assert.AreEqual(4 * 1_235_496, cost.WeightBytes);
    }

    [TestMethod]
    public void Estimate_SileroVad_FollowsItsBranches()
    {
        // The recurrent layer has 128 inputs and 128 cells: 4 gates, 2 * 128 * 256 each, 2 biases, and 9 functions of each cell.
        var cost = Estimate("silero-vad/silero_vad_v5.onnx", new Dictionary<string, nint[]> { ["input"] = [1, 576], ["state"] = [2, 1, 128], ["sr"] = [] });

        Assert.IsTrue(cost.IsComplete, string.Join("; ", cost.Unknown));
        Assert.AreEqual((4 * 2 * 128 * 256) + (2 * 4 * 128) + (9 * 128), cost.Families.Single(family => family.Family == OperatorFamily.Recurrent).Flops);
        Assert.AreEqual(6, cost.Families.Single(family => family.Family == OperatorFamily.Convolution).Nodes);
        StringAssert.Contains(cost.Notes.Single(), "branch");
        Assert.AreEqual(4 * (1 + 256), cost.OutputBytes);
    }

    private static double ProductsOf(ModelCost cost) => cost.Nodes.Sum(node => node.Rows * node.Columns * node.Depth * node.Groups);

    private static ModelCost Estimate(string path, Dictionary<string, nint[]>? lengths = null)
    {
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(SharedModels.Require(path)));
        return ModelCost.Estimate(descriptor.Model, lengths);
    }
}
