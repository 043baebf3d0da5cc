namespace EdgeAI;

/// <summary>What the engine aims for when it chooses lanes, threads and batch sizes for a model.</summary>
public enum ServingGoal
{
    /// <summary>Nearly the highest throughput, at the lowest latency that permits it.</summary>
    Balanced,

    /// <summary>The quickest answer to a single request.</summary>
    Latency,

    /// <summary>The most answers per second.</summary>
    Throughput,
}
