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
        var length = arguments.Seconds("--seconds", 2);
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
        await using var provider = services.BuildServiceProvider();
        var device = (await provider.GetRequiredService<IDeviceProvider>().DiscoverAsync()).Devices[0];
        var started = Stopwatch.GetTimestamp();
        await provider.GetRequiredService<IDeviceEvaluator>().EvaluateAsync(device.Info.Id);
        Console.WriteLine($"{device.Info.Id} measured in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s.");
        var snapshot = (await provider.GetRequiredService<IInferenceEngine>().GetDevicesAsync())[0];
        var predictor = provider.GetRequiredService<ILatencyPredictor>();

        Console.WriteLine($"{"model",-12}{"Mflop",10}{"MB",9}{"predicted",12}{"from",12}{"to",12}{"measured",12}{"error",9}  {"within",-8}what decides");
        var errors = new List<double>();
        foreach (var model in Models(arguments.Text("--model")))
        {
            using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromBytes(model.Bytes, model.Name));
            var inputs = model.CreateInputs(new Random(1));
            var lengths = inputs.ToDictionary(input => input.Name, input => Array.ConvertAll(input.Shape, axis => (nint)axis));
            var cost = ModelCost.Estimate(descriptor.Model, lengths);
            var prediction = predictor.Predict(descriptor, lengths, snapshot);
            if (prediction is not { Expected: { } expected, Lower: { } lower })
            {
                Console.WriteLine($"{model.Name,-12}none: {prediction.Reason}");
                continue;
            }

            var measured = await MeasureAsync(device, descriptor, inputs, length);
            var error = (expected.TotalSeconds / measured.TotalSeconds) - 1;
            errors.Add(Math.Abs(error));
            var isWithin = measured >= lower && !(measured > prediction.Upper);
            Console.WriteLine($"{model.Name,-12}{cost.Flops / 1e6,10:F1}{cost.WeightBytes / 1e6,9:F2}{Text(expected),12}{Text(lower),12}{Text(prediction.Upper),12}{Text(measured),12}{error,9:+0%;-0%}  {(isWithin ? "yes" : "no"),-8}{prediction.Reason}");
            foreach (var note in prediction.Notes.Take(3)) Console.WriteLine($"{"",12}{note}");
        }

        var claims = new Claims();
        claims.Add("all models", "mean error of latency predicted before loading", "<= 30 %", $"{errors.Average():P1}", errors.Average() <= Target);
        claims.Print();
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

    private static string Text(TimeSpan? duration) => duration is { } known ? $"{known.TotalMilliseconds:F3} ms" : "-";
}
