using EdgeAI.Configuration;
using EdgeAI.Routing.Policies;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Routing;

/// <summary>The registered routing policies by name. Immutable.</summary>
internal sealed class RoutingPolicies
{
    private readonly Dictionary<string, IRoutingPolicy> _policies = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">Two policies have the same name.</exception>
    public RoutingPolicies(IEnumerable<IRoutingPolicy> policies)
    {
        foreach (var policy in policies)
        {
            if (!_policies.TryAdd(policy.Name, policy)) throw new InvalidOperationException($"Two routing policies are named '{policy.Name}'; each needs its own name.");
        }
    }

    /// <summary>The policy that a model's options ask for.</summary>
    /// <exception cref="ModelLoadException">There is none of that name.</exception>
    public IRoutingPolicy For(ModelSettings settings, string modelId, ILogger logger)
    {
        var name = settings.RoutingPolicy ?? RoutingPolicyNames.EarliestFinish;
        return _policies.TryGetValue(name, out var policy)
            ? new GuardedRoutingPolicy(policy, modelId, logger)
            : throw new ModelLoadException($"ModelOptions.RoutingPolicy is '{name}'; there are {string.Join(", ", _policies.Keys)}. Register it with AddRoutingPolicy.", modelId);
    }
}
