using EdgeAI.Testing;

namespace EdgeAI.Benchmarks.Simulation;

/// <summary>A device's latency by batch size, of a shape that occurs.</summary>
internal sealed record DeviceCurve(string Name, LatencyCurve Latency)
{
    /// <summary>The largest batch that anybody tries.</summary>
    public const int MostRows = 256;

    public static IReadOnlyList<DeviceCurve> All { get; } =
    [
        // Bound by reading weights: a row more costs next to nothing.
        new("flat", LatencyCurve.Linear(Milliseconds(5), Milliseconds(0.02))),

        // Bound by arithmetic: nothing to win.
        new("linear", LatencyCurve.Linear(Milliseconds(0.05), Milliseconds(2))),

        // Tiles of eight rows.
        new("stepwise", LatencyCurve.FromPoints((1, Milliseconds(2)), (8, Milliseconds(2.1)), (9, Milliseconds(4)), (16, Milliseconds(4.1)), (17, Milliseconds(6)), (24, Milliseconds(6.1)), (25, Milliseconds(8)), (32, Milliseconds(8.1)), (64, Milliseconds(16.2)))),

        // PP-OCRv4 recognition on two cores, as measured: 28, 65, 79 and 20 rows a second with 1, 2, 4 and 16.
        new("best at 4", LatencyCurve.FromPoints((1, Milliseconds(30)), (2, Milliseconds(31)), (4, Milliseconds(51)), (8, Milliseconds(160)), (16, Milliseconds(700)))),
    ];

    /// <summary>Rows a second with the best batch.</summary>
    public double Pace(int lanes) => lanes * Enumerable.Range(1, MostRows).Max(rows => rows / Latency.At(rows).TotalSeconds);

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}
