namespace EdgeAI.Testing;

/// <summary>Random numbers in order, the same for the same seed on every machine. Each purpose has a stream of its own, so that one more draw here moves nothing there.</summary>
internal sealed class RandomStream(int seed)
{
    private readonly SeededSequence _sequence = new(seed);
    private long _drawn;

    /// <summary>From 0 up to, but not including, 1.</summary>
    public double NextUnit() => (_sequence.BitsAt(_drawn++) >> 11) * (1.0 / (1L << 53));

    /// <summary>Exponentially distributed with mean 1.</summary>
    public double NextExponential() => -Math.Log(1 - NextUnit());

    public bool NextIs(double probability) => probability > 0 && NextUnit() < probability;

    public int NextBelow(int bound) => (int)(NextUnit() * bound);
}
