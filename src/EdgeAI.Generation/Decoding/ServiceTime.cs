namespace EdgeAI.Generation;

/// <summary>How long sequences hold a slot, as a mean in which older ones fade. Written by one thread.</summary>
internal sealed class ServiceTime
{
    private const double Weight = 0.2;

    private double _mean;
    private volatile bool _isKnown;

    /// <summary>In ticks; <see langword="null"/> before the first.</summary>
    public double? Mean => _isKnown ? Volatile.Read(ref _mean) : null;

    public void Add(long ticks)
    {
        Volatile.Write(ref _mean, _isKnown ? _mean + (Weight * (ticks - _mean)) : ticks);
        _isKnown = true;
    }
}
