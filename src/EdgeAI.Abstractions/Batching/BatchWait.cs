namespace EdgeAI;

/// <summary>Whether a free lane waits for more requests to share its next run.</summary>
public enum BatchWait
{
    /// <summary>Never: it takes what is there.</summary>
    None,

    /// <summary>Always, until the batch is full or its oldest request has waited <see cref="ModelOptions.MaxBatchWait"/>.</summary>
    Fixed,

    /// <summary>Only when the arrivals seen so far make it likely that waiting shortens the sum of all latencies.</summary>
    Learned,
}
