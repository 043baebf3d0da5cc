using EdgeAI;
using EdgeAI.Devices;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers simulated devices.</summary>
public static class SimulatedDeviceBuilderExtensions
{
    /// <summary>
    /// Adds a simulated device; its clock is the registered <see cref="TimeProvider"/>, or <see cref="TimeProvider.System"/>.
    /// Several may be added, each with its own identifier. Reach it by <see cref="GetSimulatedDevice"/>. Measuring in the background and keeping
    /// measurements are switched off, so that a device sees only a test's own runs; set <c>EdgeAIOptions.MeasureInBackground</c> afterwards to have them.
    /// </summary>
    /// <param name="builder">What <c>AddEdgeAI()</c> returned.</param>
    /// <param name="id">Unique among all devices, such as <c>sim:0</c>.</param>
    /// <param name="configure">Changes the options when the device is made, at first discovery.</param>
    /// <exception cref="ArgumentException">A simulated device with this identifier was added before.</exception>
    public static EdgeAIBuilder AddSimulatedDevice(this EdgeAIBuilder builder, string id, Action<SimulatedDeviceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        var services = builder.Services;
        if (services.Any(service => !service.IsKeyedService && service.ImplementationInstance is SimulatedDeviceRegistration earlier && earlier.Id == id))
        {
            throw new ArgumentException($"A simulated device '{id}' was added before; give each its own id, such as 'sim:0' and 'sim:1'.", nameof(id));
        }

        services.Configure<EdgeAIOptions>(static options =>
        {
            options.MeasureInBackground = false;
            options.Cache = MeasurementCache.Off;
        });
        services.AddSingleton(new SimulatedDeviceRegistration(id, configure));
        services.TryAddSingleton(CreateProvider);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDeviceProvider, SimulatedDeviceProvider>(provider => provider.GetRequiredService<SimulatedDeviceProvider>()));
        return builder;
    }

    /// <summary>The simulated device with this identifier: the handle that drives it in a test. The engine owns it.</summary>
    /// <exception cref="InvalidOperationException">No such device was added.</exception>
    public static SimulatedDevice GetSimulatedDevice(this IServiceProvider services, string id)
    {
        ArgumentNullException.ThrowIfNull(services);
        var devices = services.GetService<SimulatedDeviceProvider>()?.Devices ?? [];
        return devices.FirstOrDefault(device => device.Info.Id == id)
            ?? throw new InvalidOperationException($"There is no simulated device '{id}' (there are: {string.Join(", ", devices.Select(device => device.Info.Id))}); call AddSimulatedDevice(\"{id}\").");
    }

    // The container disposes what it makes, in an order of its own, but not what those hold: devices stay the engine's.
    private static SimulatedDeviceProvider CreateProvider(IServiceProvider services)
    {
        var timeProvider = services.GetService<TimeProvider>();
        return new SimulatedDeviceProvider([.. services.GetServices<SimulatedDeviceRegistration>().Select(registration => registration.Create(timeProvider))]);
    }
}
