using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeAI.Engine;

/// <summary>Reports the devices and the loaded models.</summary>
internal sealed class EngineHealthCheck(InferenceEngine engine) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<DeviceSnapshot> devices;
        try
        {
            devices = await engine.GetDevicesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RequestRejectedException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message);
        }

        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var device in devices) data[device.Info.Id] = device.Status.Health.ToString();
        foreach (var model in engine.Registry.Loaded) data[model.Id] = $"on {model.DefaultDeviceId}: {model.Driver.Running} running, {model.Driver.Waiting} waiting";

        var failed = devices.Where(device => device.Status.Health == DeviceHealth.Failed).Select(device => device.Info.Id).ToArray();
        if (devices.Count == failed.Length)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, devices.Count == 0 ? "no device was found" : "every device has failed", data: data);
        }

        return failed.Length > 0 || devices.Any(device => device.Status.Health == DeviceHealth.Degraded)
            ? HealthCheckResult.Degraded(failed.Length > 0 ? $"failed: {string.Join(", ", failed)}" : "a device is degraded", data: data)
            : HealthCheckResult.Healthy($"{devices.Count} device(s)", data);
    }
}
