namespace EdgeAI.TrainDigits;

/// <summary>How to train.</summary>
internal sealed record TrainingOptions
{
    /// <summary>Draws the starting parameters; the training digits come from the seeds that follow it, one for each shard.</summary>
    public int Seed { get; init; } = 2026;

    /// <summary>Steps of the optimizer, 1 or more.</summary>
    public int Steps { get; init; } = 6000;

    /// <summary>Images in a step, a multiple of <see cref="Shards"/>.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Parts of a batch that are worked on in parallel, 1 or more. Changes the result; the number of processors does not.</summary>
    public int Shards { get; init; } = 8;

    /// <summary>The learning rate at its highest; it rises over the first twentieth of the steps and then falls to zero, both in a straight line.</summary>
    public float PeakRate { get; init; } = 2e-3f;
}
