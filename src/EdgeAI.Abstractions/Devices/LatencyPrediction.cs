namespace EdgeAI;

/// <summary>How long one run of a model is expected to take on a device, before it has ever run there. Immutable.</summary>
/// <param name="Expected">The likeliest duration; <see langword="null"/> where it cannot be told.</param>
/// <param name="Lower">
/// What nine models of ten take at least: the duration if the runtime fuses all it can and hides every read behind arithmetic, or <paramref name="Expected"/> less the error that predictions usually have, whichever
/// is less; <see langword="null"/> where it cannot be told.
/// </param>
/// <param name="Upper">
/// What nine models of ten take at most: the duration if the runtime does neither, or <paramref name="Expected"/> and that error, whichever is more; <see langword="null"/> where it cannot be told, as with operators
/// whose work is not known.
/// </param>
/// <param name="Reason">What decides it, or why there is none, as a clause.</param>
/// <param name="Notes">What was assumed or left out, each as a clause; empty where nothing was.</param>
public sealed record LatencyPrediction(TimeSpan? Expected, TimeSpan? Lower, TimeSpan? Upper, string Reason, IReadOnlyList<string> Notes)
{
    /// <summary>No prediction, for this reason.</summary>
    public static LatencyPrediction None(string reason) => new(null, null, null, reason, []);
}
