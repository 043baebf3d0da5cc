using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI;

/// <summary>What <c>AddEdgeAI()</c> returns: every <c>AddXyz</c> of this library hangs on it. Holds the services and nothing else.</summary>
public sealed class EdgeAIBuilder
{
    /// <summary>Wraps the services.</summary>
    public EdgeAIBuilder(IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        Services = services;
    }

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }
}
