using EdgeAI.Scheduling;

namespace EdgeAI.Testing;

/// <summary>A request of a simulation. Reused: belongs to the loop's pool between two requests.</summary>
internal sealed class SimulatedItem(SimulationLoop loop) : WorkItem
{
    public TrafficSource Source { get; set; } = null!;

    /// <summary>Counts the requests that this object has been.</summary>
    public int Life { get; set; }

    public long ArrivedAt { get; set; }

    public bool IsPoison { get; set; }

    /// <summary>When the caller gives up; <see cref="WorkItem.NoDeadline"/> where it does not.</summary>
    public long Patience { get; set; }

    /// <summary>It was accepted when it arrived.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>Another object goes on for its caller, on another device.</summary>
    public bool IsMoved { get; set; }

    /// <summary>The caller has given it up.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>The caller has been told the outcome.</summary>
    public bool IsEnded { get; set; }

    /// <summary>The lane that runs it.</summary>
    public SimulatedLane? Lane { get; set; }

    /// <summary>Makes another object go on for this caller, on another device than the one that failed, as in the engine. This one is left to its lane.</summary>
    public void MoveTo(SimulatedItem next, string failedDeviceId)
    {
        (next.Source, next.ArrivedAt, next.IsPoison, next.Patience, next.IsAdmitted) = (Source, ArrivedAt, IsPoison, Patience, IsAdmitted);
        (next.Level, next.EnqueuedAt, next.Deadline, next.Sequence) = (Level, EnqueuedAt, Deadline, Sequence);
        (next.Shape, next.Rows, next.IsStackable, next.AvoidDeviceId) = (Shape, Rows, IsStackable, failedDeviceId);
        (next.DeviceId, next.OrderKey, next.Share) = (null, null, Share);
        (IsMoved, IsEnded) = (true, true);
        Life++;
    }

    /// <inheritdoc/>
    public override void Reject(in Refusal refusal)
    {
        loop.End(this, SimulatedOutcome.Refused, refusal);
        loop.Recycle(this);
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        loop.End(this, SimulatedOutcome.Cancelled);
        loop.Recycle(this);
    }

    /// <inheritdoc/>
    public override void Abandon(Exception reason)
    {
        if (!IsEnded) loop.End(this, SimulatedOutcome.Failed);
        loop.Recycle(this);
    }
}
