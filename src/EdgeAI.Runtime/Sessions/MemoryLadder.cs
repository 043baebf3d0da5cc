namespace EdgeAI.Sessions;

/// <summary>What is tried next when a run found no memory, the cheapest first. Pure.</summary>
internal static class MemoryLadder
{
    public static MemoryStep Next(in MemoryState state) =>
        !state.IsTrimmed && state.IdleBytes > 0 ? MemoryStep.Trim
        : state.Requests > 1 ? MemoryStep.Halve
        : !state.IsRebuilt && state.MayRebuild ? MemoryStep.Rebuild
        : state.MayMove ? MemoryStep.Move
        : MemoryStep.Fail;
}
