using EdgeAI.Devices;
using EdgeAI.Testing.Conformance;

namespace EdgeAI.Testing.Tests.Conformance.Flaws;

// The suites over a flawed provider. No test classes, so that only SuiteCanFailTests runs them.
#pragma warning disable MSTEST0030

internal sealed class FlawedDiscovery(Flaw flaw) : DiscoveryConformance
{
    protected override IDeviceProvider CreateProvider() => new FlawedProvider(flaw);

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

internal sealed class FlawedDevices(Flaw flaw) : DeviceConformance
{
    protected override IDeviceProvider CreateProvider() => new FlawedProvider(flaw);

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

internal sealed class FlawedSessions(Flaw flaw) : SessionConformance
{
    protected override IDeviceProvider CreateProvider() => new FlawedProvider(flaw);

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

internal sealed class FlawedBindings(Flaw flaw) : BindingConformance
{
    protected override IDeviceProvider CreateProvider() => new FlawedProvider(flaw);

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

internal sealed class FlawedOutputs(Flaw flaw) : OutputConformance
{
    protected override IDeviceProvider CreateProvider() => new FlawedProvider(flaw);

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

internal sealed class FlawedCancellation(Flaw flaw) : CancellationConformance
{
    protected override IDeviceProvider CreateProvider() => new FlawedProvider(flaw);

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

internal sealed class FlawedConcurrency(Flaw flaw) : ConcurrencyConformance
{
    protected override IDeviceProvider CreateProvider() => new FlawedProvider(flaw);

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

internal sealed class FlawedMemories(Flaw flaw) : MemoryConformance
{
    protected override IDeviceProvider CreateProvider() => new FlawedProvider(flaw);

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);
}

internal sealed class FlawedFaults(Flaw flaw) : FaultConformance
{
    protected override IDeviceProvider CreateProvider() => new FlawedProvider(flaw);

    protected override ModelDescriptor Describe(ConformanceModel model) => SimulatedFixture.Describe(model);

    protected override void FailNextRun(IDevice device)
    {
        var sound = ((FlawedDevice)device).Sound;
        sound.Faults.OnRun(sound.Statistics.RunsStarted + 1, SimulatedFault.DeviceFault);
    }

    protected override void FailNextOpening(IDevice device)
    {
        var sound = ((FlawedDevice)device).Sound;
        sound.Faults.OnOpening(sound.Statistics.Openings + 1, SimulatedFault.DeviceFault);
    }
}

internal sealed class OmitsOneThatIsDerived : ConformanceCoverage
{
    protected override IReadOnlyDictionary<Type, string> Omitted { get; } = new Dictionary<Type, string> { [typeof(MemoryConformance)] = "" };
}
