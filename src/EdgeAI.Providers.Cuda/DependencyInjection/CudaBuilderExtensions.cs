using EdgeAI;
using EdgeAI.Providers.Cuda;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers NVIDIA GPUs.</summary>
public static class CudaBuilderExtensions
{
    /// <summary>
    /// Adds the NVIDIA GPUs as the devices <c>cuda:0</c>, <c>cuda:1</c> and so on. Harmless on a machine without any. Adding them twice is harmless; every
    /// <paramref name="configure"/> is applied.
    /// </summary>
    public static EdgeAIBuilder AddCuda(this EdgeAIBuilder builder, Action<CudaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<CudaOptions>();
        if (configure is not null) options.Configure(configure);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CudaOptions>, CudaOptionsValidator>());
        return builder.AddDeviceProvider<CudaDeviceProvider>();
    }
}
