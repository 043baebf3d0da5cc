using EdgeAI.Devices;
using EdgeAI.Testing.Conformance;
using Microsoft.Extensions.Options;

namespace EdgeAI.Providers.Cpu.Tests.Conformance;

[TestClass]
public sealed class CpuConformanceCoverage : ConformanceCoverage
{
    protected override IReadOnlyDictionary<Type, string> Omitted { get; } = new Dictionary<Type, string>
    {
        [typeof(FaultConformance)] = "a fault of a CPU cannot be provoked from outside",
    };
}

[TestClass]
public sealed class CpuDiscoveryConformance : DiscoveryConformance
{
    protected override IDeviceProvider CreateProvider() => new CpuDeviceProvider(Options.Create(new CpuOptions()));
}

[TestClass]
public sealed class CpuDeviceConformance : DeviceConformance
{
    protected override IDeviceProvider CreateProvider() => new CpuDeviceProvider(Options.Create(new CpuOptions()));
}

[TestClass]
public sealed class CpuSessionConformance : SessionConformance
{
    protected override IDeviceProvider CreateProvider() => new CpuDeviceProvider(Options.Create(new CpuOptions()));
}

[TestClass]
public sealed class CpuBindingConformance : BindingConformance
{
    protected override IDeviceProvider CreateProvider() => new CpuDeviceProvider(Options.Create(new CpuOptions()));
}

[TestClass]
public sealed class CpuOutputConformance : OutputConformance
{
    protected override IDeviceProvider CreateProvider() => new CpuDeviceProvider(Options.Create(new CpuOptions()));
}

[TestClass]
public sealed class CpuCancellationConformance : CancellationConformance
{
    protected override IDeviceProvider CreateProvider() => new CpuDeviceProvider(Options.Create(new CpuOptions()));
}

[TestClass]
public sealed class CpuConcurrencyConformance : ConcurrencyConformance
{
    protected override IDeviceProvider CreateProvider() => new CpuDeviceProvider(Options.Create(new CpuOptions()));
}

[TestClass]
public sealed class CpuMemoryConformance : MemoryConformance
{
    protected override IDeviceProvider CreateProvider() => new CpuDeviceProvider(Options.Create(new CpuOptions()));
}
