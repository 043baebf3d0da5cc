namespace EdgeAI.Cli.Output;

/// <summary>The engine's figures over the baseline's: medians of the rounds, in each of which both ran; <see langword="null"/> where no round has both.</summary>
/// <param name="Throughput">Over 1 where the engine answers more.</param>
/// <param name="P50">Under 1 where the engine answers sooner.</param>
internal sealed record RatioReport(double? Throughput, double? P50);
