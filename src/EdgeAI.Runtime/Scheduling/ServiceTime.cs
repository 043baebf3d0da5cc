namespace EdgeAI.Scheduling;

/// <summary>The expected duration of a run: an exponentially weighted mean that follows about the last ten.</summary>
internal sealed class ServiceTime
{
    private const double Weight = 0.1;
    private double _mean;

    public long? Estimate { get; private set; }

    public void Observe(long ticks)
    {
        _mean = Estimate is null ? ticks : _mean + (Weight * (ticks - _mean));
        Estimate = (long)_mean;
    }
}
