namespace EdgeAI;

/// <summary>What a batching policy knows when a lane is free. All figures are about requests that may share a run with the most urgent one.</summary>
public abstract class BatchingState
{
    /// <summary>Rows that wait, 1 or more.</summary>
    public abstract int QueuedRows { get; }

    /// <summary>Rows of the most urgent request.</summary>
    public abstract int FirstRows { get; }

    /// <summary>The largest useful batch in rows, 1 or more.</summary>
    public abstract int MaxRows { get; }

    /// <summary>Lanes that are free, this one included.</summary>
    public abstract int FreeLanes { get; }

    /// <summary>Lanes that serve the model, 1 or more.</summary>
    public virtual int Lanes => FreeLanes;

    /// <summary>Rows that wait, and rows that other lanes run.</summary>
    public virtual int RowsInFlight => QueuedRows;

    /// <summary>Time until the tightest deadline among the waiting requests; <see langword="null"/> where none has one.</summary>
    public abstract TimeSpan? TimeToDeadline { get; }

    /// <summary>How long the most urgent request has waited.</summary>
    public abstract TimeSpan Waited { get; }

    /// <summary>How long this free lane has been waiting for more already.</summary>
    public abstract TimeSpan Held { get; }

    /// <summary>How long a request may be kept waiting for others.</summary>
    public abstract TimeSpan MaxWait { get; }

    /// <summary>Whether a wait is over: now it has to run.</summary>
    public abstract bool MustRun { get; }

    /// <summary>The expected duration of a run of so many rows; zero while nothing is known.</summary>
    public abstract TimeSpan Predict(int rows);

    /// <summary>A duration that 95 % of such runs stay below; zero while nothing is known.</summary>
    public abstract TimeSpan PredictUpper(int rows);

    /// <summary>The rows out of <paramref name="rows"/> to run first, in runs one after the other: all are done about soonest, and the first run serves the most rows a second.</summary>
    public abstract int BestFirst(int rows);

    /// <summary>Times after the end of a run at which arrivals are counted, ascending.</summary>
    public abstract ReadOnlySpan<TimeSpan> Windows { get; }

    /// <summary>Rows expected to arrive from now until the given window after the end of the last run is over; 0 where it is over.</summary>
    /// <param name="window">An index of <see cref="Windows"/>.</param>
    /// <param name="remaining">Time until then.</param>
    public abstract double ExpectArrivals(int window, out TimeSpan remaining);
}
