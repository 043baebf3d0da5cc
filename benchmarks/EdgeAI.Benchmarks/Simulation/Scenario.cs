using EdgeAI.Testing;

namespace EdgeAI.Benchmarks.Simulation;

/// <summary>A scenario to compare with the oracle.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Options">What is simulated.</param>
/// <param name="ForOracle">The same with fewer requests.</param>
/// <param name="IsLatency">Whether mean latency is compared, rather than goodput.</param>
internal sealed record Scenario(string Name, SimulationOptions Options, SimulationOptions ForOracle, bool IsLatency);
