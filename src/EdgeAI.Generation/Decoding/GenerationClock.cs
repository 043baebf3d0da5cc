namespace EdgeAI.Generation;

/// <summary>The engine's time: ticks of 100 ns since the clock was made, from an injected provider.</summary>
internal sealed class GenerationClock(TimeProvider timeProvider)
{
    private readonly long _start = timeProvider.GetTimestamp();

    public TimeProvider TimeProvider => timeProvider;

    public long Now => timeProvider.GetElapsedTime(_start).Ticks;
}
