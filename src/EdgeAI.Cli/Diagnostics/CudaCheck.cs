using EdgeAI.Cli.Output;
using EdgeAI.Devices;
using EdgeAI.Providers.Cuda;

namespace EdgeAI.Cli.Diagnostics;

/// <summary>NVIDIA GPUs: which can be used, and what is missing for the others. A machine without one is in order.</summary>
internal static class CudaCheck
{
    private const string Name = "cuda";

    public static async Task<IReadOnlyList<CheckReport>> RunAsync(IEnumerable<IDeviceProvider> providers, CancellationToken cancellationToken)
    {
        if (providers.FirstOrDefault(provider => provider.Name == CudaDeviceProvider.ProviderName) is not { } cuda) return [];
        var found = await cuda.DiscoverAsync(cancellationToken).ConfigureAwait(false);
        return Judge([.. found.Devices.Select(device => device.Info)], found.Unavailable, NvidiaHardware.IsPresent("/"));
    }

    internal static IReadOnlyList<CheckReport> Judge(IReadOnlyList<DeviceInfo> devices, IReadOnlyList<string> unavailable, bool hasHardware)
    {
        var checks = new List<CheckReport>();
        if (devices.Count > 0) checks.Add(new CheckReport(Name, true, string.Join("; ", devices.Select(device => $"{device.Id} is {device.Name} ({device.Versions})"))));
        foreach (var reason in unavailable)
        {
            var (message, fix) = Split(reason);
            checks.Add(hasHardware || devices.Count > 0 ? new CheckReport(Name, false, message, fix) : new CheckReport(Name, true, $"no NVIDIA GPU is used: {message}", fix));
        }

        return checks;
    }

    // Reasons say what is wrong, then what to do.
    private static (string Message, string? Fix) Split(string reason)
    {
        var end = reason.IndexOf("; ", StringComparison.Ordinal);
        return end < 0 ? (reason, null) : (reason[..end], reason[(end + 2)..]);
    }
}
