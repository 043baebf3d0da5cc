namespace EdgeAI.Sessions;

/// <summary>What <see cref="MemoryLadder"/> looks at.</summary>
/// <param name="Requests">Requests of the run that found no memory, 1 or more.</param>
/// <param name="IdleBytes">Bytes of the same memory that pools keep for reuse.</param>
/// <param name="IsTrimmed">Whether pools were emptied for this batch already.</param>
/// <param name="IsRebuilt">Whether sessions were built anew for this batch already.</param>
/// <param name="MayRebuild">Whether sessions can be built anew, and were not so just now.</param>
/// <param name="MayMove">Whether another device may take the request.</param>
internal readonly record struct MemoryState(int Requests, long IdleBytes, bool IsTrimmed, bool IsRebuilt, bool MayRebuild, bool MayMove);
