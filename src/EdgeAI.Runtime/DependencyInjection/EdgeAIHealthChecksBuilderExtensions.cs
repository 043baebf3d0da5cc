using EdgeAI.Engine;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the engine's health check.</summary>
public static class EdgeAIHealthChecksBuilderExtensions
{
    /// <summary>Reports the devices and the loaded models. Unhealthy when there is no device or every device has failed, degraded when one has.</summary>
    /// <param name="builder">The host's health checks; <c>AddEdgeAI()</c> must be called on the services too.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="tags">Tags to filter by; <see langword="null"/> for none.</param>
    public static IHealthChecksBuilder AddEdgeAI(this IHealthChecksBuilder builder, string name = "edgeai", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<EngineHealthCheck>(name, failureStatus: null, tags ?? []);
    }
}
