namespace EdgeAI.Tests.Exceptions;

[TestClass]
public sealed class ExceptionTests
{
    [TestMethod]
    public void InvalidInput_SeveralProblems_NamesAllAndTheSignature()
    {
        var signature = new ModelSignature([new TensorSpec("x", TensorElementType.Float32, [-1, 3], ["batch", null])], [new TensorSpec("y", TensorElementType.Int64, [])]);

        var exception = new InvalidInputException(["first", "second"], signature);

        Assert.AreEqual("Invalid input, 2 problems: first; second. The model expects (x float32[batch,3]) -> (y int64[]).", exception.Message);
        Assert.HasCount(2, exception.Problems);
    }

    [TestMethod]
    public void NoCompatibleDevice_WithoutDevices_SaysWhatToAdd()
    {
        StringAssert.Contains(new NoCompatibleDeviceException("m", []).Message, "AddCpu()");
        StringAssert.Contains(new NoCompatibleDeviceException("m", [new DeviceRefusal("npu:0", "no Conv")]).Message, "npu:0: no Conv");
    }

    [TestMethod]
    public void IsTransient_EachError_IsAsDocumented()
    {
        Assert.IsFalse(new ModelLoadException("x").IsTransient);
        Assert.IsFalse(new NoCompatibleDeviceException("m", []).IsTransient);
        Assert.IsTrue(new RequestRejectedException(RejectionReason.QueueFull, "x").IsTransient);
        Assert.IsTrue(new DeviceFaultException("d", "x").IsTransient);
    }
}
