namespace EdgeAI.Scheduling;

/// <summary>A lane as the scheduler sees it.</summary>
internal abstract class LaneSlot(string deviceId, bool acceptsUnpinned)
{
    public string DeviceId { get; } = deviceId;

    /// <summary>Whether it takes items that name no device.</summary>
    public bool AcceptsUnpinned { get; } = acceptsUnpinned;

    /// <summary>There is work in <see cref="Current"/>. Called by any thread, without the scheduler's lock.</summary>
    public abstract void Wake();

    /// <summary>What it runs; <see langword="null"/> while idle.</summary>
    internal WorkItem? Current;
}
