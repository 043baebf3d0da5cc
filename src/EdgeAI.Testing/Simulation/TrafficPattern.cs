namespace EdgeAI.Testing;

/// <summary>When requests arrive. Times are ticks. Immutable.</summary>
internal abstract record TrafficPattern
{
    internal sealed record Poisson(double PerSecond) : TrafficPattern;

    internal sealed record ClosedLoop(int Clients, long ThinkTicks) : TrafficPattern;

    internal sealed record Trace(long[] Times) : TrafficPattern;

    internal sealed record Burst(int Requests, long Period) : TrafficPattern;
}
