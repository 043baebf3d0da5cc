using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Conformance;

// The same device with rates, transfers, heat and power, on real time.

[TestClass]
public sealed class SmallGpuDiscoveryConformance : SimulatedDiscoveryConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateSmallGpu();
}

[TestClass]
public sealed class SmallGpuDeviceConformance : SimulatedDeviceConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateSmallGpu();
}

[TestClass]
public sealed class SmallGpuSessionConformance : SimulatedSessionConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateSmallGpu();
}

[TestClass]
public sealed class SmallGpuBindingConformance : SimulatedBindingConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateSmallGpu();
}

[TestClass]
public sealed class SmallGpuOutputConformance : SimulatedOutputConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateSmallGpu();
}

[TestClass]
public sealed class SmallGpuCancellationConformance : SimulatedCancellationConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateSmallGpu();
}

[TestClass]
public sealed class SmallGpuConcurrencyConformance : SimulatedConcurrencyConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateSmallGpu();
}

[TestClass]
public sealed class SmallGpuMemoryConformance : SimulatedMemoryConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateSmallGpu();
}

[TestClass]
public sealed class SmallGpuFaultConformance : SimulatedFaultConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateSmallGpu();
}
