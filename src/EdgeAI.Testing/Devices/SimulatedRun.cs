namespace EdgeAI.Testing;

/// <summary>One run that a simulated device began.</summary>
/// <param name="Number">Counted from 1 over the device's life.</param>
/// <param name="ModelId">The model.</param>
/// <param name="BatchSize">Items in it.</param>
/// <param name="Started">When it began, counted from the device's making.</param>
/// <param name="Latency">How long it takes: jitter, throttling and slowness included.</param>
/// <param name="Fault">What it suffers.</param>
public readonly record struct SimulatedRun(long Number, string ModelId, int BatchSize, TimeSpan Started, TimeSpan Latency, SimulatedFault Fault)
{
    /// <summary>The device's speed when it began, as a share of full speed: below 1 where heat or power held it back.</summary>
    public double Speed { get; init; } = 1;
}
