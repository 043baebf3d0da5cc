using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Benchmarks;

/// <summary>
/// RunAsync at concurrency 1 beside plain <see cref="InferenceSession.Run(RunOptions, IReadOnlyCollection{string}, IReadOnlyCollection{OrtValue}, IReadOnlyCollection{string})"/>,
/// with the same number of threads, in alternating rounds of one process. Prints medians over the rounds' medians.
/// </summary>
internal static class LatencyBenchmark
{
    private const int Rounds = 15;
    private static readonly TimeSpan _round = TimeSpan.FromMilliseconds(400);

    public static async Task RunAsync()
    {
        Console.WriteLine($"{"model",-22}{"plain p50",12}{"RunAsync p50",14}{"over",10}{"ratio",8}");
        await MeasureAsync("1 node", BenchmarkModels.OneNode(), 16);
        await MeasureAsync("dense 512 x 4", BenchmarkModels.Dense(512, 4), 512);
        await MeasureAsync("dense 1024 x 4", BenchmarkModels.Dense(1024, 4), 1024);
        await MeasureAsync("dense 2048 x 3", BenchmarkModels.Dense(2048, 3), 2048);
    }

    private static async Task MeasureAsync(string name, byte[] bytes, int width)
    {
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<IInferenceEngine>();
        var threads = (await engine.GetDevicesAsync())[0].Info.Parallelism ?? 1;
        await using var model = await engine.LoadModelAsync(ModelSource.FromBytes(bytes, name), new ModelOptions { WarmUp = true });
        using var sessionOptions = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };

        // Both sides stop spinning between runs: otherwise each would be measured against the other's spinning workers.
        sessionOptions.AddSessionConfigEntry("session.force_spinning_stop", "1");
        using var session = new InferenceSession(bytes, sessionOptions);
        using var runOptions = new RunOptions();
        var data = new float[width];
        using var tensor = TensorValue.Create(data, 1, width);
        using var ortValue = OrtValue.CreateTensorValueFromMemory(data, [1, width]);
        string[] inputNames = ["x"], outputNames = ["y"];
        OrtValue[] inputs = [ortValue];

        var plain = new List<double>();
        var ours = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            plain.Add(Measure(() =>
            {
                using var results = session.Run(runOptions, inputNames, inputs, outputNames);
            }));
            ours.Add(await MeasureAsync(async () =>
            {
                using var response = await model.RunAsync(new InferenceRequest { ["x"] = tensor });
            }));
        }

        var (a, b) = (Statistics.Median(plain.Skip(1)), Statistics.Median(ours.Skip(1)));
        var ratio = Statistics.Median(plain.Zip(ours, (p, o) => o / p).Skip(1));
        Console.WriteLine($"{name,-22}{a,9:F1} us{b,11:F1} us{b - a,7:F1} us{ratio,8:F3}");
    }

    private static double Measure(Action run)
    {
        var samples = new List<double>();
        var end = Stopwatch.GetTimestamp() + (long)(_round.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
        {
            var started = Stopwatch.GetTimestamp();
            run();
            samples.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return Statistics.Median(samples);
    }

    private static async Task<double> MeasureAsync(Func<Task> run)
    {
        var samples = new List<double>();
        var end = Stopwatch.GetTimestamp() + (long)(_round.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
        {
            var started = Stopwatch.GetTimestamp();
            await run();
            samples.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return Statistics.Median(samples);
    }
}
