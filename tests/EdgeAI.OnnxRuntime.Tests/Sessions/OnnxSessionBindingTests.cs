using EdgeAI.Devices;
using EdgeAI.Onnx;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

[TestClass]
public sealed class OnnxSessionBindingTests
{
    [TestMethod]
    public async Task RunAsync_BoundOutput_IsWrittenInPlace()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        var result = new float[3];
        using var x = TensorValue.Create([1f, 2f, 3f], 3);
        using var y = TensorValue.Create(result, 3);
        binding.SetInput(0, x);
        binding.SetOutput(0, y);

        await binding.RunAsync();

        CollectionAssert.AreEqual(new[] { 2f, 4f, 6f }, result);
        Assert.AreSame(y, binding.GetOutput(0));
    }

    [TestMethod]
    public async Task RunAsync_ContentsChangeBetweenRuns_BindingSeesThem()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        var data = new[] { 1f };
        using var x = TensorValue.Create(data, 1);
        binding.SetInput(0, x);

        foreach (var value in (float[])[1, 5, -2])
        {
            data[0] = value;
            await binding.RunAsync();
            using var y = binding.GetOutput(0);
            Assert.AreEqual(2 * value, y.AsSpan<float>()[0]);
        }
    }

    [TestMethod]
    public async Task RunAsync_ShapesChangeBetweenRuns_OutputsFollow()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();

        foreach (var count in (int[])[4, 1, 9, 4])
        {
            using var x = TensorValue.Create(Enumerable.Range(0, count).Select(i => (float)i).ToArray(), count);
            binding.SetInput(0, x);
            await binding.RunAsync();
            using var y = binding.GetOutput(0);
            Assert.AreEqual(count, y.Lengths[0]);
            Assert.AreEqual(2f * (count - 1), y.AsSpan<float>()[^1]);
        }
    }

    [TestMethod]
    public async Task RunAsync_SameTensorAsInputAndOutput_IsUpdatedInPlace()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        var data = new[] { 1f, 2f };
        using var x = TensorValue.Create(data, 2);
        binding.SetInput(0, x);
        binding.SetOutput(0, x);

        for (var i = 0; i < 3; i++) await binding.RunAsync();

        CollectionAssert.AreEqual(new[] { 8f, 16f }, data);
    }

    [TestMethod]
    public async Task GetOutput_SessionAllocated_BelongsToTheCallerAndOutlivesSessionAndBinding()
    {
        TensorValue y;
        await using (var session = await OpenAsync(Double()))
        {
            using var binding = session.CreateBinding();
            using var x = TensorValue.Create([21f], 1);
            binding.SetInput(0, x);
            await binding.RunAsync();
            y = binding.GetOutput(0);
            Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(0), "handed over already");
            await binding.RunAsync();
        }

        Assert.AreEqual(42f, y.AsSpan<float>()[0]);
        y.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => y.AsSpan<float>());
    }

    [TestMethod]
    public async Task GetOutput_NoSuccessfulRun_Throws()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();

        Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(0));
    }

    [TestMethod]
    public async Task RunAsync_InputNotSet_NamesIt()
    {
        await using var session = await OpenAsync(Graph([new("Add", ["a", "b"], ["y"])], [Value("a", 1), Value("b", 1)], [Value("y", 1)]));
        using var binding = session.CreateBinding();
        using var a = TensorValue.Create([1f], 1);
        binding.SetInput(0, a);

        var error = await Assert.ThrowsExactlyAsync<InvalidInputException>(() => binding.RunAsync().AsTask());

        StringAssert.Contains(error.Message, "'b'");
        Assert.HasCount(1, error.Problems);
    }

    [TestMethod]
    public async Task RunAsync_TensorDisposedWhileBound_ThrowsInsteadOfReadingFreedMemory()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        var x = TensorValue.Create(new NativeBuffer(4, clear: true), Float, 1);
        binding.SetInput(0, x);
        await binding.RunAsync();
        x.Dispose();

        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => binding.RunAsync().AsTask());
    }

    [TestMethod]
    public async Task SetOutput_ReadOnlyTensor_IsRefused()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        using var readOnly = TensorValue.Create(new ReadOnlyMemory<float>([0f]), 1);

        var error = Assert.ThrowsExactly<InvalidInputException>(() => binding.SetOutput(0, readOnly));

        StringAssert.Contains(error.Message, "'y'");
    }

    [TestMethod]
    public async Task SetOutput_ToNullAgain_SessionAllocates()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create([3f], 1);
        using var destination = TensorValue.Create(new float[1], 1);
        binding.SetInput(0, x);
        binding.SetOutput(0, destination);
        await binding.RunAsync();
        binding.SetOutput(0, null);
        await binding.RunAsync();

        using var y = binding.GetOutput(0);

        Assert.AreNotSame(destination, y);
        Assert.AreEqual(6f, y.AsSpan<float>()[0]);
    }

    [TestMethod]
    public async Task SetOutput_WrongShape_RunNamesTheOutput()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create([3f, 4f], 2);
        using var destination = TensorValue.Create(new float[5], 5);
        binding.SetInput(0, x);
        binding.SetOutput(0, destination);

        var error = await Assert.ThrowsExactlyAsync<InvalidInputException>(() => binding.RunAsync().AsTask());

        StringAssert.Contains(error.Message, "'y'");
    }

    [TestMethod]
    public async Task SelectOutputs_Some_OnlyThoseAreKept()
    {
        var model = Graph([new("Add", ["x", "x"], ["sum"]), new("Neg", ["x"], ["negative"])], [Value("x", "n")], [Value("sum", "n"), Value("negative", "n")]);
        await using var session = await OpenAsync(model);
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create([1f, 2f], 2);
        binding.SetInput(0, x);
        await binding.RunAsync();

        ((IOutputSelection)binding).SelectOutputs([1]);
        Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(1), "the last run's outputs are gone");
        await binding.RunAsync();
        Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(0));
        using (var negative = binding.GetOutput(1)) Assert.AreEqual(-2f, negative.AsSpan<float>()[1]);

        ((IOutputSelection)binding).SelectOutputs([1, 0]);
        await binding.RunAsync();
        using var sum = binding.GetOutput(0);
        Assert.AreEqual(4f, sum.AsSpan<float>()[1]);
    }

    [TestMethod]
    public async Task SelectOutputs_InvalidIndexes_Throws()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        var selection = (IOutputSelection)binding;

        Assert.ThrowsExactly<ArgumentException>(() => selection.SelectOutputs([]));
        Assert.ThrowsExactly<ArgumentException>(() => selection.SelectOutputs([1]));
        Assert.ThrowsExactly<ArgumentException>(() => selection.SelectOutputs([-1]));
        Assert.ThrowsExactly<ArgumentException>(() => selection.SelectOutputs([0, 0]));
    }

    [TestMethod]
    public async Task SelectOutputs_Sequence_IsRefusedByNameAndLeftOutOtherwise()
    {
        var model = Graph(
            [new("SplitToSequence", ["x"], ["parts"]), new("Add", ["x", "x"], ["y"])],
            [Value("x", 2)],
            [new OnnxValueInfo("parts", new OnnxSequenceType(new OnnxTensorType(Float, []))), Value("y", 2)]);
        await using var session = await OpenAsync(model);
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create([1f, 2f], 2);
        binding.SetInput(0, x);

        var error = Assert.ThrowsExactly<NotSupportedException>(() => ((IOutputSelection)binding).SelectOutputs([0]));
        StringAssert.Contains(error.Message, "'parts'");
        await binding.RunAsync();
        using var y = binding.GetOutput(1);
        Assert.AreEqual(4f, y.AsSpan<float>()[1]);
    }

    [TestMethod]
    public async Task RunAsync_UndeclaredOutputType_IsComputed()
    {
        await using var session = await OpenAsync(Graph([new("Add", ["x", "x"], ["y"])], [Value("x", 2)], [new OnnxValueInfo("y", null)]));

        var outputs = await session.RunAsync([TensorValue.Create([1f, 2f], 2)]);

        CollectionAssert.AreEqual(new[] { 2f, 4f }, outputs[0].AsSpan<float>().ToArray());
        outputs[0].Dispose();
    }

    [TestMethod]
    public async Task Dispose_Binding_LaterUseThrows()
    {
        await using var session = await OpenAsync(Double());
        var binding = session.CreateBinding();
        binding.Dispose();
        binding.Dispose();

        using var x = TensorValue.Create([1f], 1);
        Assert.ThrowsExactly<ObjectDisposedException>(() => binding.SetInput(0, x));
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => binding.RunAsync().AsTask());
    }
}
