using System.Diagnostics;
using System.Globalization;
using EdgeAI.Benchmarks.Serving;
using EdgeAI.Devices;
using EdgeAI.Providers.Cpu;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Benchmarks;

/// <summary>
/// How long it takes to find the devices of every provider that there is: cold, the first probe of a fresh process with the loading of the native library and the compilation of our code in it, and warm, by further hosts of one process.
/// Files are in the system's cache both times.
/// </summary>
internal static class ProbeBenchmark
{
    /// <summary>The command of the fresh processes.</summary>
    public const string OnceCommand = "probe-once";

    private const int ColdRuns = 11;
    private const int WarmRuns = 101;
    private const double ColdTarget = 300;
    private const double WarmTarget = 100;

    public static async Task RunAsync(Arguments arguments)
    {
        var cold = Enumerable.Range(0, ColdRuns).Select(_ => MeasureProcess()).ToList();
        await ProbeAsync();
        List<double> warm = [];
        for (var i = 0; i < WarmRuns; i++) warm.Add(await ProbeAsync());
        Print("all devices, cold", cold);
        Print("all devices, warm", warm);
        await PrintProvidersAsync();
        var claims = new Claims();
        claims.Add("probe", "all devices, cold, median", $"< {ColdTarget} ms", $"{Statistics.Median(cold):F1} ms", Statistics.Median(cold) < ColdTarget);
        claims.Add("probe", "all devices, warm, median", $"< {WarmTarget} ms", $"{Statistics.Median(warm):F1} ms", Statistics.Median(warm) < WarmTarget);
        claims.Print();
        if (arguments.Text("--system-root") is not { } root) return;
        CpuProbe.Read(root);
        Print($"CPU below {root}, warm", [.. Enumerable.Range(0, WarmRuns).Select(_ => Measure(() => CpuProbe.Read(root)))]);
    }

    /// <summary>One probe, its milliseconds on stdout.</summary>
    public static async Task RunOnceAsync() => Console.WriteLine((await ProbeAsync()).ToString("R", CultureInfo.InvariantCulture));

    private static async Task<double> ProbeAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await using var provider = CreateServices();
        var devices = await provider.GetRequiredService<IInferenceEngine>().GetDevicesAsync();
        if (devices.Count == 0) throw new InvalidOperationException("No device was found.");
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static ServiceProvider CreateServices()
    {
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu().AddCuda();
        return services.BuildServiceProvider();
    }

    /// <summary>Each provider by itself, in further hosts of this process, and what it finds.</summary>
    private static async Task PrintProvidersAsync()
    {
        var times = new Dictionary<string, List<double>>();
        var found = new Dictionary<string, string>();
        for (var i = 0; i < WarmRuns; i++)
        {
            await using var services = CreateServices();
            foreach (var provider in services.GetServices<IDeviceProvider>())
            {
                var started = Stopwatch.GetTimestamp();
                var discovery = await provider.DiscoverAsync();
                var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                if (!times.TryGetValue(provider.Name, out var all)) times.Add(provider.Name, all = []);
                all.Add(elapsed);
                found[provider.Name] = string.Join(", ", [.. discovery.Devices.Select(device => device.Info.Id), .. discovery.Unavailable.Select(reason => $"none: {reason}")]);
            }
        }

        foreach (var (name, all) in times) Print($"{name} ({found[name]}), warm", all);
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
