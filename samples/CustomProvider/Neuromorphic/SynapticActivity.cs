namespace EdgeAI.Samples.Neuromorphic;

/// <summary>What the device has done so far. Thread-safe.</summary>
public sealed class SynapticActivity
{
    /// <summary>Energy of one synaptic operation in picojoules: a toy figure, made up for the sample. No board was measured for it.</summary>
    public const double ToyPicojoulesPerOperation = 20;

    private long _runs;
    private long _operations;
    private long _possible;

    /// <summary>Runs that gave an answer.</summary>
    public long Runs => Interlocked.Read(ref _runs);

    /// <summary>Additions of a weight, times an activation, to a neuron: one for each synapse that an event reached.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>What <see cref="Operations"/> would be if no activation were zero.</summary>
    public long PossibleOperations => Interlocked.Read(ref _possible);

    /// <summary>Energy of all operations in joules, by <see cref="ToyPicojoulesPerOperation"/>: an example of a report, not an estimate of any hardware.</summary>
    public double ToyJoules => Operations * ToyPicojoulesPerOperation * 1e-12;

    internal void Add(EventCount count)
    {
        Interlocked.Increment(ref _runs);
        Interlocked.Add(ref _operations, count.Operations);
        Interlocked.Add(ref _possible, count.Possible);
    }
}
