namespace EdgeAI.Scheduling;

/// <summary>A lane as the scheduler sees it.</summary>
internal abstract class LaneSlot(LaneGroup group)
{
    public LaneGroup Group { get; } = group;

    /// <summary>What it runs while <see cref="IsWorking"/>.</summary>
    public Batch Batch { get; } = new();

    /// <summary>Whether there is work in <see cref="Batch"/>. Set under the scheduler's lock, read by the lane's thread.</summary>
    public bool IsWorking => Volatile.Read(ref _isWorking);

    /// <summary>Whether it was given up as hung: its thread has to clean up after itself and end.</summary>
    public bool IsLost { get; internal set; }

    /// <summary>Whether one caller at a time uses the model: then the next request comes soon after an answer, and nobody else needs the core.</summary>
    public bool HasOneCaller => Volatile.Read(ref _hasOneCaller);

    /// <summary>When its wait for more requests is over, in ticks; 0 while it does not wait. The lane's thread times it, since timers are too coarse.</summary>
    public long WaitEnd => Volatile.Read(ref _waitEnd);

    /// <summary>There is work, or a wait to be timed. Called by any thread, without the scheduler's lock.</summary>
    public abstract void Wake();

    /// <summary>Asks the device to give up a run that has taken too long, if it is still the current one.</summary>
    /// <param name="startedAt">The <see cref="Batch.StartedAt"/> of the run.</param>
    public abstract void Interrupt(long startedAt);

    /// <summary>It gets no more work. Called without the scheduler's lock.</summary>
    public abstract void Retire();

    internal void SetWorking(bool value) => Volatile.Write(ref _isWorking, value);

    /// <summary>The scheduler has taken the cores for a run.</summary>
    internal void HoldCores() => Volatile.Write(ref _holdsCores, 1);

    /// <summary>Returns the cores of a run, whoever comes first: the lane that has finished, or who gives it up. Outside the scheduler's lock, since their next user may be another model.</summary>
    internal void ReturnCores()
    {
        if (Interlocked.Exchange(ref _holdsCores, 0) != 0) Group.Cores.Return(Group.CoresPerLane);
    }

    internal void SetHasOneCaller(bool value) => Volatile.Write(ref _hasOneCaller, value);

    internal void SetWaitEnd(long ticks) => Volatile.Write(ref _waitEnd, ticks);

    internal bool IsInterrupted;
    private bool _isWorking;
    private bool _hasOneCaller = true;
    private int _holdsCores;
    private long _waitEnd;
}
