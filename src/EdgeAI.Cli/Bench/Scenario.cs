namespace EdgeAI.Cli.Bench;

/// <summary>How queries arrive. The names are those of MLPerf Inference, https://github.com/mlcommons/inference_policies</summary>
internal static class Scenario
{
    /// <summary>The next query comes when the last one is answered.</summary>
    public const string SingleStream = "single-stream";

    /// <summary>A query is several requests at once; the next one comes when all are answered.</summary>
    public const string MultiStream = "multi-stream";

    /// <summary>Queries come by themselves, at random times.</summary>
    public const string Server = "server";

    /// <summary>All queries come at once.</summary>
    public const string Offline = "offline";

    /// <summary>Requests of a query in MLPerf's multi-stream scenario.</summary>
    public const int MlperfSamples = 8;

    private const int MlperfSeconds = 600;

    /// <summary>Why a run does not compare with published results; <see langword="null"/> where its length and arrivals are MLPerf's.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="clients">Clients, each with one query under way.</param>
    /// <param name="samples">Requests of one query.</param>
    /// <param name="measured">What the queries came to.</param>
    public static string? FindDifferenceFromMlperf(string scenario, int? clients, int samples, Tally measured)
    {
        if (scenario == Offline && clients is not null) return "not MLPerf: its offline scenario has no clients that wait, so leave out --concurrency";
        if (clients > 1) return $"not MLPerf: its {scenario} scenario has one client, not {clients}";
        if (scenario == MultiStream && samples != MlperfSamples) return $"not MLPerf: its multi-stream queries have {MlperfSamples} samples, not {samples}";
        var minQueries = MinQueries(scenario);
        if (measured.Elapsed.TotalSeconds < MlperfSeconds || measured.Queries < minQueries)
        {
            return FormattableString.Invariant($"not MLPerf: its {scenario} scenario takes at least {MlperfSeconds} s and {minQueries:N0} queries, not {measured.Elapsed.TotalSeconds:0.##} s and {measured.Queries:N0}");
        }

        return measured.Rejected + measured.Errors > 0
            ? FormattableString.Invariant($"not MLPerf: it wants every query answered, and {measured.Rejected + measured.Errors:N0} were not")
            : null;
    }

    // Single-stream: as MLPerf asks for beside its early stopping. Multi-stream and server: what a p99 takes at 99 % confidence.
    private static int MinQueries(string scenario) => scenario switch
    {
        Offline => 24_576,
        SingleStream => 1024,
        _ => 270_336,
    };
}
