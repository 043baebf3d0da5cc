namespace EdgeAI.Testing;

/// <summary>Models that exist in memory only: enough for a device to evaluate and a simulated one to open, without a file.</summary>
public static class ModelDescriptors
{
    /// <summary>Describes a model.</summary>
    /// <param name="id">Its name in logs and errors.</param>
    /// <param name="signature">Inputs and outputs.</param>
    /// <param name="operators">The operators it claims to use; none by default.</param>
    /// <param name="weightBytes">Bytes of weights that it claims to have, 0 or more; <see cref="ModelDescriptor.ParameterCount"/> is a fourth of it, as for float32.</param>
    /// <param name="compute">What simulated devices answer for it; <see langword="null"/>: what the device's options say.</param>
    /// <param name="latency">How long simulated devices take for it; <see langword="null"/>: what the device says.</param>
    /// <param name="cost">What a run of it costs, for devices whose durations follow from rates and bandwidths; <see langword="null"/>: <see cref="SimulatedCost.FromParameters"/>.</param>
    public static ModelDescriptor Create(
        string id,
        ModelSignature signature,
        IReadOnlyList<OperatorUse>? operators = null,
        long weightBytes = 0,
        SimulatedCompute? compute = null,
        LatencyCurve? latency = null,
        SimulatedCost? cost = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentNullException.ThrowIfNull(signature);
        ArgumentOutOfRangeException.ThrowIfNegative(weightBytes);
        return new InMemoryModelDescriptor(id, signature, operators ?? [], weightBytes, compute, latency, cost);
    }
}
