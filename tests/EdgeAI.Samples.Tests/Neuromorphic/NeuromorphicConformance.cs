using EdgeAI.Devices;
using EdgeAI.Testing.Conformance;

namespace EdgeAI.Samples.Tests.Neuromorphic;

[TestClass]
public sealed class NeuromorphicConformanceCoverage : ConformanceCoverage
{
    protected override IReadOnlyDictionary<Type, string> Omitted { get; } = new Dictionary<Type, string>
    {
        [typeof(FaultConformance)] = "the toy device has no faults but exhausted memory, which its own tests provoke",
    };
}

[TestClass]
public sealed class NeuromorphicDiscoveryConformance : DiscoveryConformance
{
    protected override IDeviceProvider CreateProvider() => Toy.CreateProvider();
}

[TestClass]
public sealed class NeuromorphicDeviceConformance : DeviceConformance
{
    protected override IDeviceProvider CreateProvider() => Toy.CreateProvider();
}

[TestClass]
public sealed class NeuromorphicSessionConformance : SessionConformance
{
    protected override IDeviceProvider CreateProvider() => Toy.CreateProvider();
}

[TestClass]
public sealed class NeuromorphicBindingConformance : BindingConformance
{
    protected override IDeviceProvider CreateProvider() => Toy.CreateProvider();
}

[TestClass]
public sealed class NeuromorphicOutputConformance : OutputConformance
{
    protected override IDeviceProvider CreateProvider() => Toy.CreateProvider();
}

[TestClass]
public sealed class NeuromorphicCancellationConformance : CancellationConformance
{
    protected override IDeviceProvider CreateProvider() => Toy.CreateProvider();
}

[TestClass]
public sealed class NeuromorphicConcurrencyConformance : ConcurrencyConformance
{
    protected override IDeviceProvider CreateProvider() => Toy.CreateProvider();
}

[TestClass]
public sealed class NeuromorphicMemoryConformance : MemoryConformance
{
    protected override IDeviceProvider CreateProvider() => Toy.CreateProvider();
}
