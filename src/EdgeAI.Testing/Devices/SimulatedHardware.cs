namespace EdgeAI.Testing;

/// <summary>
/// Ready-made hardware for <c>AddSimulatedDevice("gpu:sim0", SimulatedHardware.SmallGpu)</c>. All figures are made up: plausible in proportion to each other, measured on nothing,
/// and no product's. Set what a test depends on afterwards.
/// </summary>
public static class SimulatedHardware
{
    /// <summary>A graphics card with 8 GiB of its own memory, which grows too warm under lasting full load.</summary>
    public static void SmallGpu(SimulatedDeviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Name = "Simulated small GPU (made-up figures)";
        options.Kind = DeviceKind.Gpu;
        options.MemoryBytes = 8L << 30;
        options.IsHostAccessible = false;
        options.ComputeRates =
        [
            new(TensorElementType.Float32, 1, 0.2e12), new(TensorElementType.Float32, 16, 2e12), new(TensorElementType.Float32, 256, 8e12),
            new(TensorElementType.Float16, 1, 0.4e12), new(TensorElementType.Float16, 16, 5e12), new(TensorElementType.Float16, 256, 25e12),
        ];
        options.MemoryBandwidth = 250e9;
        options.RunOverhead = TimeSpan.FromMicroseconds(60);
        options.NodeOverhead = TimeSpan.FromMicroseconds(4);
        options.TransferBandwidth = 12e9;
        options.TransferLatency = TimeSpan.FromMicroseconds(10);
        options.Link = new DeviceLink(4, 8, 4, 8);
        options.IdlePowerWatts = 10;
        options.BusyPowerWatts = 110;
        options.HeatCapacity = 250;
        options.ThermalConductance = 1.5;
        options.ThrottleCelsius = 83;
        options.RecoveryCelsius = 78;
        options.ThrottledSpeed = 0.6;
        options.ClockHertz = 1.8e9;
    }

    /// <summary>The same card outside the machine, behind a narrow link.</summary>
    public static void ExternalGpu(SimulatedDeviceOptions options)
    {
        SmallGpu(options);
        options.Name = "Simulated external GPU (made-up figures)";
        options.TransferBandwidth = 2.2e9;
        options.TransferLatency = TimeSpan.FromMicroseconds(40);
        options.Link = new DeviceLink(3, 4, 4, 8);
    }

    /// <summary>A graphics processor that shares the host's memory.</summary>
    public static void IntegratedGpu(SimulatedDeviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Name = "Simulated integrated GPU (made-up figures)";
        options.Kind = DeviceKind.Gpu;
        options.MemoryBytes = 4L << 30;
        options.HasUnifiedMemory = true;
        options.ComputeRates = [new(TensorElementType.Float32, 1, 0.05e12), new(TensorElementType.Float32, 16, 0.6e12), new(TensorElementType.Float32, 256, 1.2e12)];
        options.MemoryBandwidth = 60e9;
        options.RunOverhead = TimeSpan.FromMicroseconds(120);
        options.NodeOverhead = TimeSpan.FromMicroseconds(6);
        options.IdlePowerWatts = 2;
        options.BusyPowerWatts = 18;
        options.ClockHertz = 1.1e9;
    }

    /// <summary>A frugal accelerator that is quick with int8 weights and small batches only, and knows few operators.</summary>
    public static void SmallNpu(SimulatedDeviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Name = "Simulated small NPU (made-up figures)";
        options.Kind = DeviceKind.Npu;
        options.MemoryBytes = 512L << 20;
        options.HasUnifiedMemory = true;
        options.ComputeRates = [new(TensorElementType.Int8, 1, 2e12), new(TensorElementType.Int8, 8, 3e12), new(TensorElementType.Float32, 1, 0.02e12)];
        options.MemoryBandwidth = 20e9;
        options.RunOverhead = TimeSpan.FromMicroseconds(300);
        options.IdlePowerWatts = 0.2;
        options.BusyPowerWatts = 2.5;
        options.SupportsOperator = static use => use.Domain.Length == 0 &&
            use.OpType is "Add" or "Conv" or "Flatten" or "Gemm" or "GlobalAveragePool" or "Identity" or "MatMul" or "MaxPool" or "Relu" or "Softmax";
    }
}
