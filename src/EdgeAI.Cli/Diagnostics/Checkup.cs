using EdgeAI.Cli.Output;
using EdgeAI.Devices;

namespace EdgeAI.Cli.Diagnostics;

/// <summary>Runs checks one after another.</summary>
internal static class Checkup
{
    public static async Task<DoctorReport> RunAsync(IInferenceEngine engine, IEnumerable<IDeviceProvider> providers, CancellationToken cancellationToken)
    {
        var checks = new List<CheckReport> { RuntimeCheck.Run() };
        checks.AddRange(NativeLibraryCheck.Run());
        checks.AddRange(HardwareCheck.Run());
        checks.AddRange(await CudaCheck.RunAsync(providers, cancellationToken).ConfigureAwait(false));
        checks.Add(await InferenceCheck.RunAsync(engine, cancellationToken).ConfigureAwait(false));
        return new DoctorReport(checks);
    }
}
