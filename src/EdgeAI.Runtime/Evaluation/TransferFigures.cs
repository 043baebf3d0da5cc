namespace EdgeAI.Evaluation;

/// <summary>What copying to a device costs. Immutable.</summary>
/// <param name="BytesPerSecond">The rate; <see langword="null"/> where no copy is needed or it failed.</param>
/// <param name="Overhead">The fixed cost of a copy.</param>
/// <param name="Problem">Why there are no figures although a copy may be needed; <see langword="null"/> otherwise.</param>
internal sealed record TransferFigures(double? BytesPerSecond, TimeSpan? Overhead, string? Problem);
