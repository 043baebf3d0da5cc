namespace EdgeAI.Samples.Neuromorphic;

/// <summary>What the toy device has. Read when it is found; later changes have no effect.</summary>
public sealed class NeuromorphicOptions
{
    /// <summary>Memory for synapses, activations and tensors together, in bytes, 1 or more. Default: 64 MiB.</summary>
    public long MemoryBytes { get; set; } = 64L << 20;

    /// <summary>Groups of neuron cores, each of which runs one lane: 1 to 64. Default: 4.</summary>
    public int CoreGroups { get; set; } = 4;
}
