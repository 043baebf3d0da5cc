using System.Diagnostics.CodeAnalysis;
using EdgeAI;
using EdgeAI.Devices;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers device providers.</summary>
public static class DeviceProviderBuilderExtensions
{
    /// <summary>Registers a device provider as a singleton. Adding the same type twice is harmless.</summary>
    public static EdgeAIBuilder AddDeviceProvider<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>(this EdgeAIBuilder builder)
        where TProvider : class, IDeviceProvider
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IDeviceProvider, TProvider>());
        return builder;
    }
}
