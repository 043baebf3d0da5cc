using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.Samples.Neuromorphic;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EdgeAI.Samples.Tests.Neuromorphic;

[TestClass]
public sealed class NeuromorphicDeviceTests
{
    private static readonly OnnxDimension[] _rows = ["n", 4];

    private static OnnxTensor Weights { get; } = OnnxTensor.Create<float>("w", [1, 2, 3, 4, 5, 6, 7, 8], 4, 2);

    [TestMethod]
    public async Task Evaluate_UnknownOperator_IsRefusedByName()
    {
        var support = await Toy.EvaluateAsync(Toy.Model(new OnnxNode("Sigmoid", ["x"], ["y"]), _rows, 2));
        Assert.AreEqual(DeviceSupportLevel.None, support.Level);
        Assert.AreEqual("Sigmoid", support.UnknownOperator);
        Assert.Contains("MaxPool", support.Reason!);
    }

    [TestMethod]
    public async Task Evaluate_AttributeThatItDoesNotDo_IsRefusedWithTheReason()
    {
        var grouped = new OnnxNode("Conv", ["x", "w"], ["y"], OnnxAttribute.Int("group", 2));
        var support = await Toy.EvaluateAsync(Toy.Model(grouped, ["n", 2, 4, 4], 4, OnnxTensor.Create<float>("w", new float[2], 2, 1, 1, 1)));
        Assert.AreEqual(DeviceSupportLevel.None, support.Level);
        Assert.Contains("group", support.Reason!);
        Assert.IsNull(support.UnknownOperator);
    }

    [TestMethod]
    public async Task Evaluate_ComputedWeights_AreRefused()
    {
        var support = await Toy.EvaluateAsync(Toy.Model(new OnnxNode("MatMul", ["x", "x"], ["y"]), [4, 4], 2));
        Assert.Contains("synapses are constant", support.Reason!);
    }

    [TestMethod]
    public async Task Evaluate_OldOpset_IsRefusedAndSaysWhatToDo()
    {
        var support = await Toy.EvaluateAsync(Toy.Model([new OnnxNode("Relu", ["x"], ["y"])], _rows, 2, opset: 11));
        Assert.Contains("opset 13", support.Reason!);
    }

    [TestMethod]
    public async Task Evaluate_OtherElementType_IsRefused()
    {
        var support = await Toy.EvaluateAsync(Toy.Model([new OnnxNode("Identity", ["x"], ["y"])], _rows, 2, type: TensorElementType.Float64));
        Assert.Contains("float64", support.Reason!);
    }

    [TestMethod]
    public async Task Evaluate_WeightsDoNotFit_IsRefused()
    {
        await using var device = await Toy.FindAsync(options: new() { MemoryBytes = 31 });
        using var model = Toy.Describe(Toy.Model(new OnnxNode("MatMul", ["x", "w"], ["y"]), _rows, 2, Weights));
        Assert.Contains("32 bytes", device.Evaluate(model).Reason!);
    }

    [TestMethod]
    public async Task RunAsync_MemoryExhausted_IsADeviceFaultAndASmallerRunSucceeds()
    {
        await using var device = await Toy.FindAsync(options: new() { MemoryBytes = 200 });
        using var model = Toy.Describe(Toy.Model(new OnnxNode("MatMul", ["x", "w"], ["y"]), _rows, 2, Weights));
        await using var session = await device.OpenSessionAsync(model, new DeviceSessionOptions());
        Assert.AreEqual(168, device.GetStatus().FreeMemoryBytes);

        using var large = TensorValue.Create(new float[100], 25, 4);
        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await session.RunAsync([large]));
        Assert.IsInstanceOfType<OutOfMemoryException>(fault.InnerException);

        using var small = TensorValue.Create([1f, 0, 0, 1], 1, 4);
        using (var output = (await session.RunAsync([small]))[0]) CollectionAssert.AreEqual(new[] { 8f, 10f }, output.AsSpan<float>().ToArray());
        Assert.AreEqual(168, device.GetStatus().FreeMemoryBytes, "Every byte must come back.");
    }

    [TestMethod]
    public async Task DisposeAsync_Session_GivesItsSynapsesBack()
    {
        await using var device = await Toy.FindAsync(options: new() { MemoryBytes = 200 });
        using var model = Toy.Describe(Toy.Model(new OnnxNode("MatMul", ["x", "w"], ["y"]), _rows, 2, Weights));
        var session = await device.OpenSessionAsync(model, new DeviceSessionOptions());
        await session.DisposeAsync();
        await session.DisposeAsync();
        Assert.AreEqual(200, device.GetStatus().FreeMemoryBytes);
    }

    [TestMethod]
    public async Task Activity_DenseLayer_CountsSynapsesThatEventsReached()
    {
        var activity = new SynapticActivity();
        await Toy.RunAsync(Toy.Model(new OnnxNode("MatMul", ["x", "w"], ["y"]), _rows, 2, Weights), [1, 0, 0, -2, 0, 0, 0, 0], [2, 4], activity);

        // Two of eight activations are events, and each reaches both neurons.
        Assert.AreEqual(1, activity.Runs);
        Assert.AreEqual(4, activity.Operations);
        Assert.AreEqual(16, activity.PossibleOperations);
        Assert.AreEqual(4 * 20e-12, activity.ToyJoules, 1e-20);
    }

    [TestMethod]
    public async Task Activity_ConvolutionAtTheEdge_CountsOnlyWindowsThatExist()
    {
        var activity = new SynapticActivity();
        var node = new OnnxNode("Conv", ["x", "w"], ["y"]);
        var model = Toy.Model(node, ["n", 1, 3, 3], 4, OnnxTensor.Create<float>("w", [.. Enumerable.Repeat(1f, 8)], 2, 1, 2, 2));

        // A corner lies in one window of the four, the centre in all: 5 windows with 2 neurons each.
        await Toy.RunAsync(model, [1, 0, 0, 0, 1, 0, 0, 0, 0], [1, 1, 3, 3], activity);
        Assert.AreEqual(10, activity.Operations);

        // Each of the 4 windows has 4 elements.
        Assert.AreEqual(4 * 4 * 2, activity.PossibleOperations);
    }

    [TestMethod]
    public void AddNeuromorphic_BadOptions_NamesEveryProblem()
    {
        var services = new ServiceCollection();
        new EdgeAIBuilder(services).AddNeuromorphic(options => (options.MemoryBytes, options.CoreGroups) = (0, 65)).AddNeuromorphic();
        using var container = services.BuildServiceProvider();
        var error = Assert.ThrowsExactly<OptionsValidationException>(() => container.GetServices<IDeviceProvider>().Single());
        Assert.HasCount(2, error.Failures.ToArray());
    }
}
