using EdgeAI.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Routing.Policies;

/// <summary>A policy that may be the user's own: where it throws or names no option, that decision is made as <see cref="EarliestFinishPolicy"/> would, and the first failure is logged.</summary>
internal sealed class GuardedRoutingPolicy(IRoutingPolicy policy, string modelId, ILogger logger) : IRoutingPolicy
{
    private readonly EarliestFinishPolicy _fallback = new();
    private int _hasFailed;

    public string Name => policy.Name;

    public int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query)
    {
        try
        {
            var chosen = policy.Choose(options, query);
            return (uint)chosen < (uint)options.Length ? chosen : throw new InvalidOperationException($"It chose option {chosen} of {options.Length}.");
        }
        catch (Exception exception)
        {
            // Called under the model's lock: a log entry for each decision would slow every request.
            if (Interlocked.Exchange(ref _hasFailed, 1) == 0) Log.RoutingPolicyFailed(logger, exception, modelId, policy.Name);
            return _fallback.Choose(options, query);
        }
    }
}
