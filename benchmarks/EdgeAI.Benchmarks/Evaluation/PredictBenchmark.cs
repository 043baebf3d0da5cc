using System.Diagnostics;
using EdgeAI.Benchmarks.Serving;
using EdgeAI.Devices;
using EdgeAI.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Benchmarks.Evaluation;

/// <summary>Latency predicted before a model is loaded, from its graph and a profile that was measured just before, beside what runs on the device then take.</summary>
internal static class PredictBenchmark
{
    private const double Target = 0.3;

    public static async Task RunAsync(Arguments arguments)
    {
        var length = arguments.Seconds("--seconds", 1);
        var rounds = arguments.Count("--rounds", 3);
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
        await using var provider = services.BuildServiceProvider();
        var device = (await provider.GetRequiredService<IDeviceProvider>().DiscoverAsync()).Devices[0];
        var all = new Dictionary<string, List<Row>>();
        for (var round = 1; round <= rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await provider.GetRequiredService<IDeviceEvaluator>().EvaluateAsync(device.Info.Id, new DeviceEvaluationOptions { Refresh = true });
            Console.Write($"Round {round}: {device.Info.Id} measured in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s;");
            var snapshot = (await provider.GetRequiredService<IInferenceEngine>().GetDevicesAsync())[0];
            foreach (var model in Models(arguments.Text("--model")))
            {
                if (await MeasureAsync(device, snapshot, provider.GetRequiredService<ILatencyPredictor>(), model, length) is not { } row) continue;
                if (!all.TryGetValue(model.Name, out var rows)) all.Add(model.Name, rows = []);
                rows.Add(row);
            }

            Console.WriteLine($" mean error {all.Values.Average(rows => Math.Abs(rows[^1].Error)):P0}");
        }

        Print(all, rounds);
    }

    private static void Print(Dictionary<string, List<Row>> all, int rounds)
    {
        Console.WriteLine();
        Console.WriteLine($"Medians over {rounds} round(s), each with a profile of its own; the error's range over rounds in brackets.");
        Console.WriteLine($"{"model",-12}{"Mflop",10}{"MB",9}{"predicted",12}{"from",12}{"to",12}{"measured",12}{"error",8}{"",-16}{"within",7}  what decides");
        foreach (var (name, rows) in all)
        {
            var (low, high) = ($"{rows.Min(row => row.Error):+0%;-0%}", $"{rows.Max(row => row.Error):+0%;-0%}");
            Console.WriteLine(
                $"{name,-12}{rows[0].Megaflops,10:F1}{rows[0].Megabytes,9:F2}{Text(rows, row => row.Predicted)}{Text(rows, row => row.Lower)}{Text(rows, row => row.Upper)}{Text(rows, row => row.Measured)}" +
                $"{Statistics.Median(rows, row => row.Error),8:+0%;-0%}{$" [{low}, {high}]",-16}{$"{rows.Count(row => row.IsWithin)}/{rows.Count}",7}  {rows[0].Reason}");
        }

        var mean = all.Values.Average(rows => Math.Abs(Statistics.Median(rows, row => row.Error)));
        var claims = new Claims();
        claims.Add("all models", "mean error of latency predicted before loading", "<= 30 %", $"{mean:P1}", mean <= Target);
        claims.Print();
    }

    private static async Task<Row?> MeasureAsync(IDevice device, DeviceSnapshot snapshot, ILatencyPredictor predictor, ServedModel model, TimeSpan length)
    {
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromBytes(model.Bytes, model.Name));
        var inputs = model.CreateInputs(new Random(1));
        var lengths = inputs.ToDictionary(input => input.Name, input => Array.ConvertAll(input.Shape, axis => (nint)axis));
        var cost = ModelCost.Estimate(descriptor.Model, lengths);
        var prediction = predictor.Predict(descriptor, lengths, snapshot);
        if (prediction is not { Expected: { } expected, Lower: { } lower })
        {
            Console.WriteLine($" {model.Name} is not predicted: {prediction.Reason};");
            return null;
        }

        var measured = await MeasureAsync(device, descriptor, inputs, length);
        return new Row(
            cost.Flops / 1e6,
            cost.WeightBytes / 1e6,
            expected.TotalMilliseconds,
            lower.TotalMilliseconds,
            prediction.Upper?.TotalMilliseconds ?? double.PositiveInfinity,
            measured.TotalMilliseconds,
            prediction.Reason);
    }

    private static IEnumerable<ServedModel> Models(string? name)
    {
        if (name != "attention")
        {
            foreach (var model in ServedModels.Open(name)) yield return model;
        }

        if (name is null or "attention")
        {
            yield return new ServedModel("attention", BenchmarkModels.Attention(width: 256, heads: 4, blocks: 2), true, random =>
            {
                var data = new float[128 * 256];
                for (var i = 0; i < data.Length; i++) data[i] = (2 * random.NextSingle()) - 1;
                return [new ModelInput("x", 0, [1, 128, 256], data)];
            });
        }
    }

    /// <summary>The median of single runs, back to back, on all of the device's threads.</summary>
    private static async Task<TimeSpan> MeasureAsync(IDevice device, ModelDescriptor model, ModelInput[] inputs, TimeSpan length)
    {
        await using var session = await device.OpenSessionAsync(model, new DeviceSessionOptions { Threads = device.Info.Parallelism ?? 1 });
        using var binding = session.CreateBinding();
        for (var index = 0; index < session.Signature.Inputs.Count; index++) binding.SetInput(index, inputs.Single(input => input.Name == session.Signature.Inputs[index].Name).ToTensor());
        var samples = new List<double>();
        var started = Stopwatch.GetTimestamp();
        while (samples.Count < 5 || Stopwatch.GetElapsedTime(started) < length)
        {
            var before = Stopwatch.GetTimestamp();
            await binding.RunAsync();
            samples.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
            for (var output = 0; output < session.Signature.Outputs.Count; output++) binding.GetOutput(output).Dispose();
        }

        return TimeSpan.FromSeconds(Statistics.Median(samples.Skip(samples.Count / 5)));
    }

    private static string Text(List<Row> rows, Func<Row, double> milliseconds) => $"{Statistics.Median(rows, milliseconds),9:F3} ms";

    private sealed record Row(double Megaflops, double Megabytes, double Predicted, double Lower, double Upper, double Measured, string Reason)
    {
        public double Error => (Predicted / Measured) - 1;

        public bool IsWithin => Measured >= Lower && Measured <= Upper;
    }
}
