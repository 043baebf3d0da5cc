using EdgeAI.Devices;
using EdgeAI.Testing.Conformance;

namespace EdgeAI.Testing.Tests.Conformance;

[TestClass]
public sealed class SimulatedConformanceCoverage : ConformanceCoverage;

[TestClass]
public class SimulatedDiscoveryConformance : DiscoveryConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider();

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

[TestClass]
public class SimulatedDeviceConformance : DeviceConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider();

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

[TestClass]
public class SimulatedSessionConformance : SessionConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider();

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

[TestClass]
public class SimulatedBindingConformance : BindingConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider();

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);

    // Runs that echo allocate nothing: see SimulatedAllocationTests.
    protected override string? AllocatesBecause => "known models are answered by delegates, which allocate their answers";
}

[TestClass]
public class SimulatedOutputConformance : OutputConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider();

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

[TestClass]
public class SimulatedCancellationConformance : CancellationConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider();

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

[TestClass]
public class SimulatedConcurrencyConformance : ConcurrencyConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider();

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

[TestClass]
public class SimulatedMemoryConformance : MemoryConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider();

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

[TestClass]
public class SimulatedFaultConformance : FaultConformance
{
    protected override IDeviceProvider CreateProvider() => SimulatedFixture.CreateProvider();

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);

    protected override void FailNextRun(IDevice device)
    {
        var simulated = (SimulatedDevice)device;
        simulated.Faults.OnRun(simulated.Statistics.RunsStarted + 1, SimulatedFault.DeviceFault);
    }

    protected override void FailNextOpening(IDevice device)
    {
        var simulated = (SimulatedDevice)device;
        simulated.Faults.OnOpening(simulated.Statistics.Openings + 1, SimulatedFault.DeviceFault);
    }
}
