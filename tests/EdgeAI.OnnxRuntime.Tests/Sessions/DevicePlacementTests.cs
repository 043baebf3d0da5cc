using EdgeAI.Devices;
using Microsoft.ML.OnnxRuntime;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>Tensors in a memory that the execution provider uses where it lies.</summary>
[TestClass]
public sealed class DevicePlacementTests
{
    [TestMethod]
    public async Task Run_TensorsInDeviceMemory_AreReadAndWrittenThere()
    {
        var memory = new FixedMemory();
        await using var session = await OpenAsync(memory);
        using var binding = session.CreateBinding();
        using var host = TensorValue.Create([1f, 2f], 2);
        using TensorValue input = Allocate(memory), output = Allocate(memory);
        await memory.CopyAsync(host, input);
        binding.SetInput(0, input);
        binding.SetOutput(0, output);

        await binding.RunAsync();
        await memory.CopyAsync(binding.GetOutput(0), host);

        CollectionAssert.AreEqual(new[] { 2f, 4f }, host.AsSpan<float>().ToArray());
    }

    [TestMethod]
    public async Task SetInput_MemoryOfAnotherDevice_IsRefused()
    {
        await using var session = await OpenAsync(new FixedMemory());
        using var binding = session.CreateBinding();
        using var stranger = Allocate(new FixedMemory());

        var error = Assert.ThrowsExactly<InvalidInputException>(() => binding.SetInput(0, stranger));

        Assert.Contains("lies in device memory", error.Message);
    }

    [TestMethod]
    public async Task Run_SameTensorInPlaceAndNot_IsLookedUpAtEachBinding()
    {
        using var elsewhere = TensorValue.Create(new NativeBuffer(8), Float, 2);
        elsewhere.AsWritableSpan<float>().Fill(10);
        var memory = new SharedMemory();
        await using var session = await OpenAsync(memory);
        using var binding = session.CreateBinding();
        using var tensor = TensorValue.Create(new NativeBuffer(8), Float, 2);
        tensor.AsWritableSpan<float>().Fill(1);

        foreach (var isInPlace in (bool[])[false, true, true, false])
        {
            // A freed block's address may be anybody's next.
            memory.DeviceAddress = isInPlace ? elsewhere.Buffer.Address : 0;
            binding.SetInput(0, tensor);
            await binding.RunAsync();
            using var output = binding.GetOutput(0);

            Assert.AreEqual(isInPlace ? 20f : 2f, output.AsSpan<float>()[1]);
        }
    }

    private static Task<IDeviceSession> OpenAsync(IDeviceMemory memory) => TestModels.OpenAsync(Double(), null, new OnnxSessionSetup { DeviceId = "gpu:0", Memory = memory });

    private static TensorValue Allocate(FixedMemory memory) => TensorValue.Create(memory.Allocate(8), Float, 2);

    /// <summary>Host memory that the device knows at another address, where it knows it.</summary>
    private sealed class SharedMemory : IOnnxDeviceMemory
    {
        public nint DeviceAddress { get; set; }

        public nuint Alignment => 64;

        public bool IsHostAccessible => true;

        public OrtMemoryInfo MemoryInfo => OrtMemoryInfo.DefaultInstance;

        public DeviceBuffer Allocate(nuint byteLength) => HostMemory.Shared.Allocate(byteLength);

        public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default) => HostMemory.Shared.CopyAsync(from, to, cancellationToken);

        public nint FindDeviceAddress(nint address, nuint byteLength) => DeviceAddress;
    }
}
