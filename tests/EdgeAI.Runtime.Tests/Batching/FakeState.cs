namespace EdgeAI.Batching;

/// <summary>What a policy is shown, set by a test.</summary>
internal sealed class FakeState : BatchingState
{
    public Func<int, long> Ticks { get; init; } = _ => 0;

    public double Expected { get; init; }

    public TimeSpan Remaining { get; init; } = TimeSpan.FromTicks(1);

    public int Best { get; init; }

    public int Queued { get; init; } = 1;

    public override int QueuedRows => Queued;

    public int First { get; init; } = 1;

    public override int FirstRows => First;

    public int Max { get; init; } = 8;

    public override int MaxRows => Max;

    public int Free { get; init; } = 1;

    public override int FreeLanes => Free;

    public long? Deadline { get; init; }

    public override TimeSpan? TimeToDeadline => Deadline is { } ticks ? TimeSpan.FromTicks(ticks) : null;

    public long Age { get; init; }

    public override TimeSpan Waited => TimeSpan.FromTicks(Age);

    public long HeldTicks { get; init; }

    public override TimeSpan Held => TimeSpan.FromTicks(HeldTicks);

    public override TimeSpan MaxWait => TimeSpan.FromTicks(100);

    public bool Must { get; init; }

    public override bool MustRun => Must;

    public override ReadOnlySpan<TimeSpan> Windows => new[] { Remaining };

    public override TimeSpan Predict(int rows) => TimeSpan.FromTicks(Ticks(rows));

    public override TimeSpan PredictUpper(int rows) => Predict(rows);

    public override int BestFirst(int rows) => Best > 0 ? Math.Min(Best, rows) : rows;

    public override double ExpectArrivals(int window, out TimeSpan remaining)
    {
        remaining = Remaining;
        return Expected;
    }
}
