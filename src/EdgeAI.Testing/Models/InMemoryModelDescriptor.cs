namespace EdgeAI.Testing;

/// <summary>A model without a file. Offers its answer, its latency and its cost to simulated devices as services.</summary>
internal sealed class InMemoryModelDescriptor(
    string id,
    ModelSignature signature,
    IReadOnlyList<OperatorUse> operators,
    long weightBytes,
    SimulatedCompute? compute,
    LatencyCurve? latency,
    SimulatedCost? cost) : ModelDescriptor
{
    public override string Id => id;

    public override ModelSignature Signature => signature;

    public override IReadOnlyList<OperatorUse> Operators { get; } = [.. operators];

    public override long ParameterCount => weightBytes / sizeof(float);

    public override long WeightBytes => weightBytes;

    public override object? GetService(Type serviceType)
    {
        if (serviceType == typeof(SimulatedCompute)) return compute;
        if (serviceType == typeof(LatencyCurve)) return latency;
        if (serviceType == typeof(SimulatedCost)) return cost;
        return base.GetService(serviceType);
    }

    protected override void Free()
    {
    }
}
