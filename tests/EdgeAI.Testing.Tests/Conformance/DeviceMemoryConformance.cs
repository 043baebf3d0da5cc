using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Conformance;

// The same device with memory that the host may not touch.

[TestClass]
public sealed class DeviceMemoryDeviceConformance : SimulatedDeviceConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider(isHostAccessible: false);
}

[TestClass]
public sealed class DeviceMemorySessionConformance : SimulatedSessionConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider(isHostAccessible: false);
}

[TestClass]
public sealed class DeviceMemoryBindingConformance : SimulatedBindingConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider(isHostAccessible: false);
}

[TestClass]
public sealed class DeviceMemoryOutputConformance : SimulatedOutputConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider(isHostAccessible: false);
}

[TestClass]
public sealed class DeviceMemoryCancellationConformance : SimulatedCancellationConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider(isHostAccessible: false);
}

[TestClass]
public sealed class DeviceMemoryConcurrencyConformance : SimulatedConcurrencyConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider(isHostAccessible: false);
}

[TestClass]
public sealed class DeviceMemoryMemoryConformance : SimulatedMemoryConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider(isHostAccessible: false);
}

[TestClass]
public sealed class DeviceMemoryFaultConformance : SimulatedFaultConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider(isHostAccessible: false);
}
