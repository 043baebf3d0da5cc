using System.Diagnostics;
using System.Globalization;
using EdgeAI.Benchmarks.Serving;
using EdgeAI.Providers.Cpu;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Benchmarks;

/// <summary>
/// How long it takes to find all devices: cold, the first probe of a fresh process with the loading of the native library and the compilation of our code in it, and warm, by further hosts of one process.
/// Files are in the system's cache both times.
/// </summary>
internal static class ProbeBenchmark
{
    /// <summary>The command of the fresh processes.</summary>
    public const string OnceCommand = "probe-once";

    private const int ColdRuns = 11;
    private const int WarmRuns = 101;

    public static async Task RunAsync(Arguments arguments)
    {
        var cold = Enumerable.Range(0, ColdRuns).Select(_ => MeasureProcess()).ToList();
        await ProbeAsync();
        List<double> warm = [];
        for (var i = 0; i < WarmRuns; i++) warm.Add(await ProbeAsync());
        Print("all devices, cold", cold);
        Print("all devices, warm", warm);
        if (arguments.Text("--system-root") is not { } root) return;
        CpuProbe.Read(root);
        Print($"CPU below {root}, warm", [.. Enumerable.Range(0, WarmRuns).Select(_ => Measure(() => CpuProbe.Read(root)))]);
    }

    /// <summary>One probe, its milliseconds on stdout.</summary>
    public static async Task RunOnceAsync() => Console.WriteLine((await ProbeAsync()).ToString("R", CultureInfo.InvariantCulture));

    private static async Task<double> ProbeAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
        await using var provider = services.BuildServiceProvider();
        var devices = await provider.GetRequiredService<IInferenceEngine>().GetDevicesAsync();
        if (devices.Count == 0) throw new InvalidOperationException("No device was found.");
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double MeasureProcess()
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? [typeof(ProbeBenchmark).Assembly.Location] : Array.Empty<string>(), OnceCommand])
        {
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The probe of a fresh process ended with {process.ExitCode}.");
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    private static double Measure(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static void Print(string what, List<double> milliseconds) =>
        Console.WriteLine($"{what}: median {Statistics.Median(milliseconds):F1} ms, p95 {Statistics.Percentile(milliseconds, 95):F1} ms, worst {milliseconds.Max():F1} ms ({milliseconds.Count} probes)");
}
