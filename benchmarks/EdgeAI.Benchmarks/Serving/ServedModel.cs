namespace EdgeAI.Benchmarks.Serving;

/// <summary>A model of the benchmarks and how requests to it look.</summary>
/// <param name="Name">As the command line names it.</param>
/// <param name="Bytes">The model.</param>
/// <param name="IsBatched">Whether it takes several rows in a run.</param>
/// <param name="CreateInputs">Makes the inputs of a request of one row.</param>
internal sealed record ServedModel(string Name, byte[] Bytes, bool IsBatched, Func<Random, ModelInput[]> CreateInputs)
{
    /// <summary>What <see cref="ModelOptions.BatchAxes"/> declares; empty where the engine finds out by itself.</summary>
    public IReadOnlyDictionary<string, int> DeclaredAxes { get; init; } = new Dictionary<string, int>();

    /// <summary>Throughput over one-at-a-time that the model must exceed; <see langword="null"/>: it must not be slower.</summary>
    public double? MustGain { get; init; }

    /// <summary>Whether answers to different inputs differ, so that one that went to the wrong caller is noticed.</summary>
    public bool IsTelling { get; init; } = true;

    /// <summary>The axis of an output that rows are stacked along.</summary>
    public int OutputAxis(string output) => DeclaredAxes.TryGetValue(output, out var axis) ? axis : 0;
}
