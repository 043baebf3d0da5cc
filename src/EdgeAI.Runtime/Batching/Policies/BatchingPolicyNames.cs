namespace EdgeAI;

/// <summary>The batching policies that the engine brings.</summary>
public static class BatchingPolicyNames
{
    /// <summary>Never waits.</summary>
    public const string Greedy = "greedy";

    /// <summary>Waits until the batch is full or its oldest request has waited <see cref="ModelOptions.MaxBatchWait"/>.</summary>
    public const string FixedWait = "fixed-wait";

    /// <summary>Waits where the arrivals seen so far make it pay.</summary>
    public const string LearnedWait = "learned-wait";
}
