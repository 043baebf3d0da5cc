using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Libraries;
using EdgeAI.Providers.Cuda.Memory;
using EdgeAI.Providers.Cuda.Probing;
using EdgeAI.Providers.Cuda.Tests.Probing;
using Microsoft.Extensions.Time.Testing;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda.Tests;

[TestClass]
public sealed class CudaDeviceTests
{
    private const string IllegalAccess = "CUDA failure 700: an illegal memory access was encountered ; GPU=0";

    private static readonly OnnxNodeAssignment _onGpu = new("CUDAExecutionProvider", "", "Conv", "c"), _onCpu = new("CPUExecutionProvider", "", "LSTM", "l");

    [TestMethod]
    public async Task OpenSessionAsync_CpuBuild_SaysThatItHasNoCuda()
    {
        var driver = new RecordedDriver(new RecordedGpu());
        var device = Create(driver, new CudaOptions { StreamPriority = CudaStreamPriority.Highest });
        using var model = Describe();

        var error = await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await device.OpenSessionAsync(model, new DeviceSessionOptions()));

        Assert.AreEqual("cuda:0", error.DeviceId);
        Assert.Contains("CUDA", error.Message);
        CollectionAssert.AreEqual(new[] { "create -5", "destroy 5000" }, driver.Calls, "the stream goes with the failed session");
        Assert.AreEqual(0, driver.Retained);
    }

    [TestMethod]
    public async Task OpenSessionAsync_NoStream_IsADeviceFaultThatTellsExhaustedMemory()
    {
        var device = Create(new RecordedDriver(new RecordedGpu()) { StreamCode = CudaResult.OutOfMemory }, new CudaOptions { StreamPriority = CudaStreamPriority.Lowest });
        using var model = Describe();

        var error = await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await device.OpenSessionAsync(model, new DeviceSessionOptions()));

        Assert.IsInstanceOfType<OutOfMemoryException>(error.InnerException);
    }

    [TestMethod]
    [DataRow(true, CudaUnifiedMemory.Automatic, true, typeof(UnifiedMemory))]
    [DataRow(true, CudaUnifiedMemory.Copy, true, typeof(PinnedMemory))]
    [DataRow(false, CudaUnifiedMemory.Automatic, true, typeof(PinnedMemory))]
    [DataRow(false, CudaUnifiedMemory.Automatic, false, typeof(HostMemory))]
    public void Opener_Memory_IsByTheGpuAndTheOptions(bool isIntegrated, CudaUnifiedMemory unified, bool usePinned, Type expected)
    {
        var driver = new RecordedDriver(new RecordedGpu { Attributes = new() { [CudaAttribute.Integrated] = isIntegrated ? 1 : 0, [CudaAttribute.CanMapHostMemory] = 1 } });
        var gpu = new CudaProbe(new SystemFiles("/nonexistent"), _ => null).Read(driver, nvml: null).Gpus[0];
        using var opener = new CudaSessionOpener(gpu, new ProviderSetup(ProviderKind.BuiltIn, null, new Dictionary<int, OrtEpDevice?>(), null), new CudaOptions { UnifiedMemory = unified, UsePinnedMemory = usePinned, UseCudaGraphs = true }, null);

        Assert.IsInstanceOfType(opener.Memory, expected);
        Assert.AreEqual(isIntegrated ? "page-locked and mapped" : "none", gpu.Info.Facts.Single(fact => fact.Name == "host memory used in place").Value);
    }

    [TestMethod]
    public async Task OpenSessionAsync_CapturingGraphsOnACpuBuild_FailsAsWithoutThem()
    {
        var driver = new RecordedDriver(new RecordedGpu());
        var device = Create(driver, new CudaOptions { UseCudaGraphs = true });
        using var model = Describe();

        var error = await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await device.OpenSessionAsync(model, new DeviceSessionOptions()));

        Assert.Contains("CUDA", error.Message);
        await device.DisposeAsync();
        Assert.AreEqual((0, 0), (driver.Retained, driver.Live));
    }

    [TestMethod]
    public void FindFault_DriverOlderThanTheRuntime_SaysWhatToDo()
    {
        var device = Create();

        Assert.Contains("install a newer driver", device.FindFault("CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0")!.Message);
        Assert.AreEqual(DeviceHealth.Unknown, device.GetStatus().Health, "nothing is lost");
    }

    [TestMethod]
    public void Inspect_Strict_RefusesAndNamesTheOperator()
    {
        var device = Create();
        using var model = Describe();
        Assert.AreEqual(DeviceSupportLevel.Full, device.Evaluate(model).Level);

        var error = Assert.ThrowsExactly<ModelLoadException>(() => device.Inspect(model, [_onGpu, _onCpu]));

        Assert.AreEqual("LSTM", error.UnknownOperator);
        Assert.Contains("1 of its 2 nodes", error.Message);
        Assert.Contains("CudaOptions.Strict", error.Message);
        Assert.AreEqual(DeviceSupportLevel.None, device.Evaluate(model).Level, "it is not tried again");
        using var other = Describe();
        Assert.AreEqual(DeviceSupportLevel.Full, device.Evaluate(other).Level, "another model of the same name is");
    }

    [TestMethod]
    public void Inspect_NotStrict_IsPartialWithTheReason()
    {
        var device = Create(options: new CudaOptions { Strict = false });
        using var model = Describe();
        Assert.AreEqual(DeviceSupportLevel.Partial, device.Evaluate(model).Level);

        device.Inspect(model, [_onGpu, _onCpu]);
        Assert.AreEqual(DeviceSupportLevel.Partial, device.Evaluate(model).Level);
        Assert.Contains("LSTM", device.Evaluate(model).Reason!);

        device.Inspect(model, [_onGpu]);
        Assert.AreEqual(DeviceSupport.Full, device.Evaluate(model));
    }

    [TestMethod]
    public void Evaluate_UnknownDomain_NamesTheOperator()
    {
        using var model = Describe("my.domain");

        Assert.AreEqual("my.domain.Add", Create().Evaluate(model).UnknownOperator);
    }

    [TestMethod]
    public async Task FindFault_LostContext_TakesTheDeviceOutOfService()
    {
        var device = Create();
        using var model = Describe();
        Assert.AreEqual(DeviceHealth.Unknown, device.GetStatus().Health);

        Assert.IsNotNull(device.FindFault(IllegalAccess));

        Assert.AreEqual(DeviceHealth.Failed, device.GetStatus().Health);
        var error = await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await device.OpenSessionAsync(model, new DeviceSessionOptions()));
        Assert.Contains("restart the process", error.Message);
    }

    [TestMethod]
    public void FindFault_OutOfMemory_IsWhatTheEngineLooksFor()
    {
        var device = Create();

        Assert.IsInstanceOfType<OutOfMemoryException>(device.FindFault("CUDA failure 2: out of memory ; GPU=0"));
        Assert.IsNull(device.FindFault("something else"));
        Assert.AreEqual(DeviceHealth.Unknown, device.GetStatus().Health, "the device stays");
    }

    [TestMethod]
    public void GetStatus_AskedAgain_ReadsFourTimesASecond()
    {
        var time = new FakeTimeProvider();
        var driver = new RecordedDriver(new RecordedGpu()) { IsActive = true, FreeMemory = 5 };
        var device = Create(driver, time: time);
        Assert.AreEqual(5, device.GetStatus().FreeMemoryBytes);

        driver.FreeMemory = 4;
        time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.AreEqual(5, device.GetStatus().FreeMemoryBytes);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.AreEqual(4, device.GetStatus().FreeMemoryBytes);
    }

    [TestMethod]
    public async Task OpenSessionAsync_Disposed_Throws()
    {
        var device = Create();
        using var model = Describe();
        await device.DisposeAsync();

        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(async () => await device.OpenSessionAsync(model, new DeviceSessionOptions()));
    }

    private static CudaDevice Create(RecordedDriver? driver = null, CudaOptions? options = null, TimeProvider? time = null)
    {
        var gpu = new CudaProbe(new SystemFiles("/nonexistent"), _ => null).Read(driver ?? new RecordedDriver(new RecordedGpu()), nvml: null).Gpus[0];
        return new CudaDevice(gpu, "", new ProviderSetup(ProviderKind.BuiltIn, null, new Dictionary<int, OrtEpDevice?>(), null), options ?? new CudaOptions(), null, time ?? TimeProvider.System);
    }

    private static OnnxModelDescriptor Describe(string domain = "")
    {
        var graph = new OnnxGraph("test", [new OnnxNode("Add", ["x", "x"], ["y"]) { Domain = domain }],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "n")], [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "n")]);
        var model = domain.Length == 0 ? new OnnxModel(graph, 21) : new OnnxModel(graph, 21, new OnnxOpsetImport(domain, 1));
        return OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(model), "test"));
    }
}
