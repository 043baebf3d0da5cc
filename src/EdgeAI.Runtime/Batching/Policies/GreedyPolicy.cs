namespace EdgeAI.Batching.Policies;

/// <summary>Never waits: what is there when a lane is free runs.</summary>
internal sealed class GreedyPolicy : IBatchingPolicy
{
    public string Name => BatchingPolicyNames.Greedy;

    public BatchDecision Decide(BatchingState state) => BatchDecision.Run(BatchSizing.Choose(state));
}
