namespace EdgeAI.Testing;

/// <summary>The best that a fixed way of batching reaches in a scenario.</summary>
/// <param name="Rows">The largest batch in rows.</param>
/// <param name="WaitsForFullBatches">Whether lanes wait until so many rows are there, rather than run what there is.</param>
/// <param name="Result">What it showed.</param>
public sealed record OracleChoice(int Rows, bool WaitsForFullBatches, SimulationResult Result);
