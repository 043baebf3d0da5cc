using EdgeAI.Devices;
using EdgeAI.Testing.Conformance;

namespace EdgeAI.Testing.Tests.Conformance;

/// <summary>The simulated provider as the suites see it.</summary>
internal static class SimulatedFixture
{
    /// <summary>A simulated device answers a known model by its reference.</summary>
    public static ModelDescriptor Describe(ConformanceModel model) =>
        ModelDescriptors.Create(model.Id, model.Signature, model.Operators, weightBytes: 64, model.Reference);

    public static IDeviceProvider CreateProvider(bool isHostAccessible = true) => new SimulatedDeviceProvider(new SimulatedDevice("sim:0", new SimulatedDeviceOptions
    {
        IsHostAccessible = isHostAccessible,
        MaxConcurrentRuns = 4,
        MemoryBytes = 64 << 20,
        Parallelism = 4,
        SupportsOperator = use => use.Domain.Length == 0,
    }));

    public static IDeviceProvider CreateSmallGpu()
    {
        var options = new SimulatedDeviceOptions { SupportsOperator = use => use.Domain.Length == 0 };
        SimulatedHardware.SmallGpu(options);
        return new SimulatedDeviceProvider(new SimulatedDevice("gpu:sim0", options));
    }
}
