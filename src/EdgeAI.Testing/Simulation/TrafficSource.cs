using EdgeAI.Batching;

namespace EdgeAI.Testing;

/// <summary>Draws the requests of one kind of traffic. What it draws does not depend on how they are answered, so that policies can be compared.</summary>
internal sealed class TrafficSource(SimulatedTraffic traffic, ShapeGroup shape, bool isStackable, long? deadline, int seed)
{
    private readonly RandomStream _times = new(seed);
    private readonly RandomStream _requests = new(~seed);
    private readonly string[] _keys = [.. Enumerable.Range(0, traffic.OrderKeys).Select(key => $"{traffic.Name}/{key}")];
    private double _next;
    private int _sent;

    public SimulatedTraffic Traffic => traffic;

    public SimulationTally Tally { get; } = new();

    public bool IsClosedLoop => traffic.Pattern is TrafficPattern.ClosedLoop;

    /// <summary>Requests that arrive at time zero by themselves; closed loops go on with <see cref="DrawThinkTime"/>.</summary>
    public int Clients => traffic.Pattern is TrafficPattern.ClosedLoop loop ? loop.Clients : 1;

    /// <summary>When the next request arrives; <see langword="null"/> where there is none.</summary>
    public long? DrawNext()
    {
        var sent = _sent++;
        switch (traffic.Pattern)
        {
            case TrafficPattern.Poisson poisson:
                _next += _times.NextExponential() * TimeSpan.TicksPerSecond / poisson.PerSecond;
                return (long)_next;
            case TrafficPattern.Trace trace:
                return sent < trace.Times.Length ? trace.Times[sent] : null;
            case TrafficPattern.Burst burst:
                return sent / burst.Requests * burst.Period;
            default:
                return null;
        }
    }

    public long DrawThinkTime() => traffic.Pattern is TrafficPattern.ClosedLoop { ThinkTicks: > 0 and var mean } ? (long)(mean * (0.5 + _times.NextUnit())) : 0;

    public void Fill(SimulatedItem item, long now)
    {
        item.Source = this;
        item.Level = (int)RequestPriority.High - (int)traffic.Priority;
        item.DeviceId = traffic.DeviceId;
        item.OrderKey = _keys.Length > 0 ? _keys[_requests.NextBelow(_keys.Length)] : null;
        item.Shape = shape;
        item.Rows = traffic.MaxRows is { } most ? traffic.Rows + _requests.NextBelow(most - traffic.Rows + 1) : traffic.Rows;
        item.IsStackable = isStackable;
        item.Deadline = deadline is { } due ? now + due : Scheduling.WorkItem.NoDeadline;
        item.IsPoison = _requests.NextIs(traffic.PoisonRate);
    }

    /// <summary>After what time the caller gives up; <see langword="null"/> where it waits for ever.</summary>
    public long? DrawCancellation() => _requests.NextIs(traffic.CancelRate) ? (long)(traffic.CancelAfter.Ticks * _requests.NextUnit()) : null;
}
