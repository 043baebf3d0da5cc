namespace EdgeAI;

/// <summary>What a free lane does: run some rows now, or wait for more.</summary>
public readonly record struct BatchDecision
{
    private BatchDecision(int rows, TimeSpan wait)
    {
        Rows = rows;
        Wait = wait;
    }

    /// <summary>Rows to run now, or, while <see cref="Wait"/> is more than zero, rows to wait for.</summary>
    public int Rows { get; }

    /// <summary>How long to wait at most; zero to run now.</summary>
    public TimeSpan Wait { get; }

    /// <summary>Run now.</summary>
    /// <param name="rows">Rows to run, 1 or more; requests are never split by it, so it is a bound that the first request may exceed.</param>
    public static BatchDecision Run(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return new(rows, TimeSpan.Zero);
    }

    /// <summary>Wait until so many rows are there, or the time is over; then it is decided anew, and a wait is no longer possible.</summary>
    /// <param name="rows">Rows that end the wait, 1 or more.</param>
    /// <param name="atMost">More than zero.</param>
    public static BatchDecision WaitFor(int rows, TimeSpan atMost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(atMost, TimeSpan.Zero);
        return new(rows, atMost);
    }
}
