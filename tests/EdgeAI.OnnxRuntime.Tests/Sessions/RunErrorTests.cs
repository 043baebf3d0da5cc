using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.OnnxRuntime.Interop;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>Every sort of failure that a run can have, provoked.</summary>
[TestClass]
public sealed class RunErrorTests
{
    private const TensorElementType Int64 = TensorElementType.Int64;

    [TestMethod]
    public async Task RunAsync_IndexOutOfBounds_IsInvalidInputNamingModelAndNode()
    {
        var model = Graph([new("Gather", ["x", "i"], ["y"]) { Name = "embed" }], [Value("x", "n"), Value("i", Int64, "k")], [Value("y", "k")]);

        var error = await Fails<InvalidInputException>(model, Zeros(4), TensorValue.Create([9L], 1));

        StringAssert.Contains(error.Message, "test");
        StringAssert.Contains(error.Message, "Gather 'embed'");
        StringAssert.Contains(error.Message, "out of data bounds");
        Assert.IsNotNull(error.Expected);
    }

    [TestMethod]
    public async Task RunAsync_LengthsDoNotBroadcast_IsInvalidInput()
    {
        var model = Graph([new("Add", ["x", "z"], ["y"]) { Name = "sum" }], [Value("x", "n"), Value("z", "m")], [Value("y", "k")]);

        var error = await Fails<InvalidInputException>(model, Zeros(4), Zeros(3));

        StringAssert.Contains(error.Message, "Add 'sum': Attempting to broadcast");
    }

    [TestMethod]
    public async Task RunAsync_MatricesDoNotFit_IsInvalidInput() =>
        await Fails<InvalidInputException>(
            Graph([new("MatMul", ["x", "z"], ["y"])], [Value("x", "n", "k"), Value("z", "p", "m")], [Value("y", "n", "m")]), Zeros(4, 3), Zeros(5, 2));

    [TestMethod]
    public async Task RunAsync_ReshapeDoesNotFit_IsInvalidInput() =>
        await Fails<InvalidInputException>(
            Graph([new("Reshape", ["x", "s"], ["y"])], [Value("x", "n"), Value("s", Int64, 2)], [Value("y", "a", "b")]), Zeros(4), TensorValue.Create([3L, 2L], 2));

    [TestMethod]
    public async Task RunAsync_WrongType_IsInvalidInput() => await Fails<InvalidInputException>(Double(), TensorValue.Create([1L], 1));

    [TestMethod]
    public async Task RunAsync_WrongRank_IsInvalidInput()
    {
        var error = await Fails<InvalidInputException>(Double(), Zeros(1, 1));

        StringAssert.Contains(error.Message, "x");
        StringAssert.Contains(error.Message, "rank");
    }

    [TestMethod]
    public async Task RunAsync_WrongLength_IsInvalidInput() => await Fails<InvalidInputException>(Unary("Neg", Float, 3), Zeros(4));

    [TestMethod]
    public async Task RunAsync_OutputTooLargeForMemory_IsDeviceFault()
    {
        var model = Graph([new("Expand", ["x", "s"], ["y"]) { Name = "blow" }], [Value("x", 1), Value("s", Int64, 2)], [Value("y", "a", "b")]);

        var error = await Fails<DeviceFaultException>(model, Zeros(1), TensorValue.Create([1L << 20, 1L << 22], 2));

        Assert.AreEqual("cpu:0", error.DeviceId);
        Assert.IsTrue(error.IsTransient);
        StringAssert.Contains(error.Message, "Expand 'blow'");
        StringAssert.Contains(error.Message, "test");
    }

    [TestMethod]
    public async Task RunAsync_AfterFailure_BindingWorksAgain()
    {
        await using var session = await OpenAsync(Graph([new("Gather", ["x", "i"], ["y"])], [Value("x", "n"), Value("i", Int64, "k")], [Value("y", "k")]));
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create([1f, 2f], 2);
        var index = new long[1];
        using var i = TensorValue.Create(index, 1);
        binding.SetInput(0, x);
        binding.SetInput(1, i);

        for (var round = 0; round < 20; round++)
        {
            index[0] = 5;
            await Assert.ThrowsExactlyAsync<InvalidInputException>(() => binding.RunAsync().AsTask());
            Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(0));
            index[0] = 1;
            await binding.RunAsync();
            using var y = binding.GetOutput(0);
            Assert.AreEqual(2f, y.AsSpan<float>()[0]);
        }
    }

    [TestMethod]
    [DataRow((int)NativeErrorCode.EngineError)]
    [DataRow((int)NativeErrorCode.ProviderFailure)]
    [DataRow((int)NativeErrorCode.DeviceReset)]
    [DataRow((int)NativeErrorCode.NotImplemented)]
    [DataRow((int)NativeErrorCode.Fail)]
    public void AtRun_NoNodeToBlame_IsDeviceFault(int code) =>
        Assert.IsInstanceOfType<DeviceFaultException>(NativeFailure.AtRun(new NativeError((NativeErrorCode)code, "broken"), "m", new ModelSignature([], []), "gpu:0"));

    [TestMethod]
    [DataRow("CUDA failure 700: an illegal memory access was encountered")]
    [DataRow("CUBLAS failure 14: CUBLAS_STATUS_INTERNAL_ERROR")]
    [DataRow("Failed to allocate memory for requested buffer of size 16")]
    [DataRow("std::bad_alloc")]
    public void AtRun_NodeReportsItsDevice_IsDeviceFault(string reason)
    {
        var error = new NativeError(NativeErrorCode.Fail, $"Non-zero status code returned while running Conv node. Name:'c' Status Message: {reason}");

        Assert.IsInstanceOfType<DeviceFaultException>(NativeFailure.AtRun(error, "m", new ModelSignature([], []), "gpu:0"));
    }

    private static TensorValue Zeros(params nint[] lengths) => TensorValue.Create(new float[(int)TensorShape.GetElementCount(lengths)], lengths);

    private static async Task<TError> Fails<TError>(OnnxModel model, params TensorValue[] inputs) where TError : Exception
    {
        await using var session = await OpenAsync(model);
        var error = await Assert.ThrowsExactlyAsync<TError>(() => session.RunAsync(inputs).AsTask());
        foreach (var input in inputs) input.Dispose();
        StringAssert.DoesNotMatch(error.Message, new("onnxruntime_src"), "no places in somebody else's source");
        return error;
    }
}
