using EdgeAI.Batching.Policies;
using EdgeAI.Configuration;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Batching;

/// <summary>The registered batching policies by name. Immutable.</summary>
internal sealed class BatchingPolicies
{
    private readonly Dictionary<string, IBatchingPolicy> _policies = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">Two policies have the same name.</exception>
    public BatchingPolicies(IEnumerable<IBatchingPolicy> policies)
    {
        foreach (var policy in policies)
        {
            if (!_policies.TryAdd(policy.Name, policy)) throw new InvalidOperationException($"Two batching policies are named '{policy.Name}'; each needs its own name.");
        }
    }

    /// <summary>The policy that a model's options ask for.</summary>
    /// <exception cref="ModelLoadException">There is none of that name.</exception>
    public IBatchingPolicy For(ModelSettings settings, string modelId, ILogger logger)
    {
        var name = settings.BatchingPolicy ?? settings.BatchWait switch
        {
            BatchWait.None => BatchingPolicyNames.Greedy,
            BatchWait.Fixed => BatchingPolicyNames.FixedWait,
            _ => BatchingPolicyNames.LearnedWait,
        };
        return _policies.TryGetValue(name, out var policy)
            ? new GuardedPolicy(policy, modelId, logger)
            : throw new ModelLoadException($"ModelOptions.BatchingPolicy is '{name}'; there are {string.Join(", ", _policies.Keys)}. Register it with AddBatchingPolicy.", modelId);
    }
}
