using EdgeAI.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Batching.Policies;

/// <summary>A policy that may be the user's own: where it throws, that decision is made as <see cref="GreedyPolicy"/> would, and the first failure is logged.</summary>
internal sealed class GuardedPolicy(IBatchingPolicy policy, string modelId, ILogger logger) : IBatchingPolicy
{
    private readonly GreedyPolicy _fallback = new();
    private int _hasFailed;

    public string Name => policy.Name;

    public BatchDecision Decide(BatchingState state)
    {
        try
        {
            return policy.Decide(state);
        }
        catch (Exception exception)
        {
            // Called under the model's lock: a log entry for each decision would slow every request.
            if (Interlocked.Exchange(ref _hasFailed, 1) == 0) Log.BatchingPolicyFailed(logger, exception, modelId, policy.Name);
            return _fallback.Decide(state);
        }
    }
}
