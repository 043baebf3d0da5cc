namespace EdgeAI.Scheduling;

/// <summary>The scheduler's time: ticks of 100 ns since the clock was made, from an injected provider.</summary>
internal sealed class Clock(TimeProvider timeProvider)
{
    private readonly long _start = timeProvider.GetTimestamp();

    public TimeProvider TimeProvider { get; } = timeProvider;

    public long Now => TimeProvider.GetElapsedTime(_start).Ticks;
}
