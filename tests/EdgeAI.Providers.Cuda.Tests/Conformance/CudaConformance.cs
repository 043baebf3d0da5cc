using EdgeAI.Devices;
using EdgeAI.Testing.Conformance;
using Microsoft.Extensions.Options;

namespace EdgeAI.Providers.Cuda.Tests.Conformance;

/// <summary>The provider as on a machine with an NVIDIA GPU; inconclusive on others. TensorFloat-32 is off, so that answers are those of the CPU.</summary>
internal static class RealCuda
{
    public static IDeviceProvider Create(bool useGraphs = false) => new CudaDeviceProvider(Options.Create(new CudaOptions { UseTf32 = false, UseCudaGraphs = useGraphs }));
}

[TestClass]
public sealed class CudaConformanceCoverage : ConformanceCoverage
{
    protected override IReadOnlyDictionary<Type, string> Omitted { get; } = new Dictionary<Type, string>
    {
        [typeof(FaultConformance)] = "a fault of a GPU cannot be provoked from outside",
    };
}

[TestClass]
public sealed class CudaDiscoveryConformance : DiscoveryConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create();
}

[TestClass]
public sealed class CudaDeviceConformance : DeviceConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create();
}

[TestClass]
public sealed class CudaSessionConformance : SessionConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create();
}

[TestClass]
public sealed class CudaBindingConformance : BindingConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create();
}

[TestClass]
public sealed class CudaOutputConformance : OutputConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create();
}

[TestClass]
public sealed class CudaCancellationConformance : CancellationConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create();
}

[TestClass]
public sealed class CudaConcurrencyConformance : ConcurrencyConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create();
}

[TestClass]
public sealed class CudaMemoryConformance : MemoryConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create();
}

[TestClass]
public sealed class CudaGraphBindingConformance : BindingConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create(useGraphs: true);
}

[TestClass]
public sealed class CudaGraphOutputConformance : OutputConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create(useGraphs: true);
}

[TestClass]
public sealed class CudaGraphConcurrencyConformance : ConcurrencyConformance
{
    protected override bool MayBeAbsent => true;

    protected override IDeviceProvider CreateProvider() => RealCuda.Create(useGraphs: true);
}
