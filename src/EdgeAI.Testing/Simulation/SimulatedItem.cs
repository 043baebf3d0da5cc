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

    /// <summary>The caller has given it up.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>The caller has been told the outcome.</summary>
    public bool IsEnded { get; set; }

    /// <summary>The lane that runs it.</summary>
    public SimulatedLane? Lane { get; set; }

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
