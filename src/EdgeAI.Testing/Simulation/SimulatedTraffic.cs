namespace EdgeAI.Testing;

/// <summary>Requests of one kind and when they arrive. Immutable: change a copy with <c>with</c>.</summary>
public sealed record SimulatedTraffic
{
    private SimulatedTraffic(TrafficPattern pattern) => Pattern = pattern;

    /// <summary>Open loop: requests at random, whether earlier ones are answered or not.</summary>
    /// <param name="perSecond">Mean requests a second, more than zero.</param>
    public static SimulatedTraffic Poisson(double perSecond)
    {
        if (!(perSecond > 0) || !double.IsFinite(perSecond)) throw new ArgumentOutOfRangeException(nameof(perSecond), perSecond, "It must be more than zero.");
        return new SimulatedTraffic(new TrafficPattern.Poisson(perSecond));
    }

    /// <summary>Closed loop: each client sends its next request some time after it has an answer. A refused one tries again after the time it is told, 1 ms at least.</summary>
    /// <param name="clients">1 or more.</param>
    /// <param name="thinkTime">Mean time between an answer and the next request, zero or more; it is random between half and one and a half of that.</param>
    public static SimulatedTraffic ClosedLoop(int clients, TimeSpan thinkTime = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clients, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(thinkTime, TimeSpan.Zero);
        return new SimulatedTraffic(new TrafficPattern.ClosedLoop(clients, thinkTime.Ticks));
    }

    /// <summary>Requests at given times, such as a recorded log.</summary>
    /// <param name="times">Times from the start, zero or more, in ascending order.</param>
    public static SimulatedTraffic Trace(params IReadOnlyList<TimeSpan> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        for (var i = 0; i < times.Count; i++)
        {
            if (times[i] < (i == 0 ? TimeSpan.Zero : times[i - 1])) throw new ArgumentException($"Time {i} is {times[i]}; times must be zero or more and ascend.", nameof(times));
        }

        return new SimulatedTraffic(new TrafficPattern.Trace([.. times.Select(time => time.Ticks)]));
    }

    /// <summary>Many requests at the same moment, again and again.</summary>
    /// <param name="requests">Requests of each burst, 1 or more.</param>
    /// <param name="period">From one burst to the next, more than zero; the first is at the start.</param>
    public static SimulatedTraffic Burst(int requests, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(requests, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        return new SimulatedTraffic(new TrafficPattern.Burst(requests, period.Ticks));
    }

    /// <summary>How it is called in results. Default: <c>requests</c>.</summary>
    public string Name { get; init; } = "requests";

    /// <summary>The requests' priority. Default: normal.</summary>
    public RequestPriority Priority { get; init; } = RequestPriority.Normal;

    /// <summary>The requests' deadline, more than zero; <see langword="null"/> (default) takes <see cref="ModelOptions.DefaultDeadline"/>.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Rows that a request brings, 1 or more. Default: 1.</summary>
    public int Rows { get; init; } = 1;

    /// <summary>The most rows: with more than <see cref="Rows"/>, each number in between is as likely. Default: the same as <see cref="Rows"/>.</summary>
    public int? MaxRows { get; init; }

    /// <summary>Requests share runs only with others of the same class. Default: 0.</summary>
    public int ShapeClass { get; init; }

    /// <summary>How many times as long as the plan's curve runs of this class take, more than zero; the same for all traffic of a class. Default: 1.</summary>
    public double CostFactor { get; init; } = 1;

    /// <summary>How many order keys the requests are spread over at random; 0 (default): none has a key.</summary>
    public int OrderKeys { get; init; }

    /// <summary>The device that the requests name; <see langword="null"/> (default): none.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Whether they may share runs. Default: <see langword="true"/>.</summary>
    public bool AllowBatching { get; init; } = true;

    /// <summary>The probability that a caller gives up if it has no answer in <see cref="CancelAfter"/>, 0 to 1. Default: 0.</summary>
    public double CancelRate { get; init; }

    /// <summary>How long such a caller waits at most, zero or more; each one a random part of it. Default: 10 ms.</summary>
    public TimeSpan CancelAfter { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The probability that a request makes every run fail that it is part of, 0 to 1. Default: 0.</summary>
    public double PoisonRate { get; init; }

    internal TrafficPattern Pattern { get; }

    internal void Check(string name, List<string> errors)
    {
        if (!Enum.IsDefined(Priority)) errors.Add($"{name}.Priority is {Priority}; it must be Low, Normal or High.");
        if (Deadline <= TimeSpan.Zero) errors.Add($"{name}.Deadline is {Deadline}; it must be more than zero, or null.");
        if (Rows < 1) errors.Add($"{name}.Rows is {Rows}; it must be 1 or more.");
        if (MaxRows < Rows) errors.Add($"{name}.MaxRows is {MaxRows}; it must be Rows or more, or null.");
        if (!(CostFactor > 0) || !double.IsFinite(CostFactor)) errors.Add($"{name}.CostFactor is {CostFactor}; it must be more than zero.");
        if (OrderKeys < 0) errors.Add($"{name}.OrderKeys is {OrderKeys}; it must be 0 or more.");
        if (CancelRate is not (>= 0 and <= 1)) errors.Add($"{name}.CancelRate is {CancelRate}; it must be 0 to 1.");
        if (CancelAfter < TimeSpan.Zero) errors.Add($"{name}.CancelAfter is {CancelAfter}; it must be zero or more.");
        if (PoisonRate is not (>= 0 and <= 1)) errors.Add($"{name}.PoisonRate is {PoisonRate}; it must be 0 to 1.");
    }
}
