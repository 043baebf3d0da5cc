using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using EdgeAI.Benchmarks.Serving;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Benchmarks.Evaluation;

/// <summary>The read bandwidth of a device profile beside a plain C program that reads as much, in turns.</summary>
internal static class ReadBandwidthBenchmark
{
    private const int Rounds = 3;
    private const double Target = 0.35;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("edgeai-stream-read");
        try
        {
            var program = Path.Combine(folder.FullName, "stream-read");
            if (!Compile(program))
            {
                Console.WriteLine("Skipped: there is no C compiler here ('cc').");
                return 0;
            }

            var services = new ServiceCollection();
            services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
            await using var provider = services.BuildServiceProvider();
            var device = (await provider.GetRequiredService<IInferenceEngine>().GetDevicesAsync())[0].Info;
            var evaluator = provider.GetRequiredService<IDeviceEvaluator>();
            var (ours, plain) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                plain.Add(Enumerable.Range(1, device.Parallelism ?? 1).Max(threads => Read(program, threads)));
                ours.Add((await evaluator.EvaluateAsync(device.Id, new DeviceEvaluationOptions { Refresh = true })).ReadBandwidth ?? double.NaN);
                Console.WriteLine($"round {round + 1}: profile {ours[^1] / 1e9:F1} GB/s, plain C {plain[^1] / 1e9:F1} GB/s, best of 1 to {device.Parallelism} threads");
            }

            var ratio = Statistics.MedianRatio(ours, plain, rate => rate);
            var claims = new Claims();
            claims.Add(device.Id, "read bandwidth over a plain C program's", "within 35 %", $"{ratio - 1:+0%;-0%}", Math.Abs(ratio - 1) <= Target);
            claims.Print();
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool Compile(string program)
    {
        try
        {
            using var compiler = Process.Start("cc", ["-O3", "-march=native", "-pthread", Path.Combine(ServedModels.Root(), "benchmarks", "peers", "stream-read", "stream-read.c"), "-o", program]);
            compiler.WaitForExit();
            return compiler.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static double Read(string program, int threads)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [threads.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(output.Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
