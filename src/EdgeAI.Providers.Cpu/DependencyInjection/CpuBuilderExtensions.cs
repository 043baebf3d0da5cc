using EdgeAI;
using EdgeAI.Providers.Cpu;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the CPU.</summary>
public static class CpuBuilderExtensions
{
    /// <summary>Adds the CPU as the device <c>cpu:0</c>. Adding it twice is harmless; every <paramref name="configure"/> is applied.</summary>
    public static EdgeAIBuilder AddCpu(this EdgeAIBuilder builder, Action<CpuOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<CpuOptions>();
        if (configure is not null) options.Configure(configure);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CpuOptions>, CpuOptionsValidator>());
        return builder.AddDeviceProvider<CpuDeviceProvider>();
    }
}
