namespace EdgeAI.Testing;

/// <summary>
/// A reference for the engine's decisions: the same traffic on the same lanes with every fixed batch size, each both with what waits when a lane is free and, where clients wait for
/// answers, with full batches only. The best of them was chosen knowing the outcome, which no scheduler can. Regret is how much worse the scheduler did.
/// </summary>
/// <remarks>An engine that adapts to the queue can do better than every fixed size: then its regret is negative.</remarks>
public static class SchedulingOracle
{
    // Beyond this, sizes are tried by powers of two.
    private const int EachUpTo = 8;

    /// <summary>The fixed way with the most answers a second. Thread-safe; the options are not changed.</summary>
    /// <param name="options">The scenario; its policy, and whether curves were measured, do not count.</param>
    /// <param name="mostRows">The largest batch to try, 1 or more.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    public static OracleChoice BestThroughput(SimulationOptions options, int mostRows = 64) => Try(options, mostRows).MaxBy(choice => choice.Result.Total.Goodput)!;

    /// <summary>The fixed way with the lowest mean latency. Thread-safe; the options are not changed.</summary>
    /// <param name="options">The scenario; its policy, and whether curves were measured, do not count.</param>
    /// <param name="mostRows">The largest batch to try, 1 or more.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    public static OracleChoice BestLatency(SimulationOptions options, int mostRows = 64) => Try(options, mostRows).MinBy(choice => choice.Result.Total.MeanLatency)!;

    private static IEnumerable<OracleChoice> Try(SimulationOptions options, int mostRows)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRows, 1);
        options.Check();
        mostRows = Math.Min(mostRows, options.Model.MaxBatch ?? mostRows);
        var clients = options.Traffic.Sum(traffic => traffic.Pattern is TrafficPattern.ClosedLoop loop ? loop.Clients : 0);
        var isClosed = options.Traffic.All(traffic => traffic.Pattern is TrafficPattern.ClosedLoop);
        foreach (var rows in Sizes(isClosed ? Math.Min(mostRows, clients) : mostRows, clients, options.Plans[0].Lanes))
        {
            yield return Try(options, rows, isPatient: false, sharesOut: false);
            if (rows > 1 && options.Plans.Any(plan => plan.Lanes > 1)) yield return Try(options, rows, isPatient: false, sharesOut: true);
            if (rows > 1 && isClosed) yield return Try(options, rows, isPatient: true, sharesOut: false);
        }
    }

    private static OracleChoice Try(SimulationOptions options, int rows, bool isPatient, bool sharesOut) =>
        new(rows, isPatient, new SimulationLoop(options, new OraclePolicy(rows, isPatient, sharesOut), rows).Run());

    /// <summary>Small sizes each, larger ones by powers of two, and even shares of the clients.</summary>
    private static SortedSet<int> Sizes(int most, int clients, int lanes)
    {
        var sizes = new SortedSet<int> { most };
        for (var rows = 1; rows <= most; rows = rows < EachUpTo ? rows + 1 : 2 * rows) sizes.Add(rows);
        if (clients >= lanes && clients / lanes <= most) sizes.Add(clients / lanes);
        return sizes;
    }
}
