using EdgeAI;
using EdgeAI.Samples.Neuromorphic;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the toy neuromorphic device.</summary>
public static class NeuromorphicBuilderExtensions
{
    /// <summary>
    /// Adds the toy neuromorphic device <c>neuromorphic:0</c>. Adding it twice is harmless; every <paramref name="configure"/> is applied.
    /// What it does is counted in the <see cref="SynapticActivity"/> of the same container.
    /// </summary>
    /// <param name="builder">What <c>AddEdgeAI()</c> returned.</param>
    /// <param name="configure">Changes the options.</param>
    public static EdgeAIBuilder AddNeuromorphic(this EdgeAIBuilder builder, Action<NeuromorphicOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<NeuromorphicOptions>();
        if (configure is not null) options.Configure(configure);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<Options.IValidateOptions<NeuromorphicOptions>, NeuromorphicOptionsValidator>());
        builder.Services.TryAddSingleton<SynapticActivity>();
        return builder.AddDeviceProvider<NeuromorphicDeviceProvider>();
    }
}
