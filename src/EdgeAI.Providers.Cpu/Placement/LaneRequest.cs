namespace EdgeAI.Providers.Cpu.Placement;

/// <summary>What is to be placed.</summary>
/// <param name="Lanes">The lanes of one session, 1 or more.</param>
/// <param name="Threads">Threads of each, 1 or more.</param>
/// <param name="PlanLanes">All lanes that serve the model so, those of its other sessions included.</param>
internal readonly record struct LaneRequest(int Lanes, int Threads, int PlanLanes);
