namespace EdgeAI.Cli.Bench;

/// <summary>How queries arrive. The names are those of MLPerf Inference, https://github.com/mlcommons/inference_policies</summary>
internal static class Scenario
{
    /// <summary>The next query comes when the last one is answered.</summary>
    public const string SingleStream = "single-stream";

    /// <summary>All queries come at once.</summary>
    public const string Offline = "offline";

    private const int MlperfSeconds = 600;
    private const int MlperfSingleStreamQueries = 1024;
    private const int MlperfOfflineSamples = 24_576;

    /// <summary>Why a run does not compare with published results; <see langword="null"/> where its length and arrivals are MLPerf's.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="clients">Clients, each with one query under way.</param>
    /// <param name="duration">How long it measured.</param>
    /// <param name="queries">Queries answered.</param>
    public static string? FindDifferenceFromMlperf(string scenario, int? clients, TimeSpan duration, long queries)
    {
        if (scenario == Offline && clients is not null) return "not MLPerf: its offline scenario has no clients that wait, so leave out --concurrency";
        if (clients > 1) return $"not MLPerf: its single-stream scenario has one client, not {clients}";
        var minQueries = scenario == Offline ? MlperfOfflineSamples : MlperfSingleStreamQueries;
        return duration.TotalSeconds < MlperfSeconds || queries < minQueries
            ? FormattableString.Invariant($"not MLPerf: its {scenario} scenario takes at least {MlperfSeconds} s and {minQueries:N0} queries, not {duration.TotalSeconds:0.##} s and {queries:N0}")
            : null;
    }
}
