using EdgeAI.Onnx;

namespace EdgeAI.Integration.Tests;

/// <summary>Which models are batched, and that it never changes an answer: over ONNX Runtime.</summary>
[TestClass]
public sealed class BatchingOnCpuTests
{
    private const int Width = 8;

    [TestMethod]
    public async Task LoadModelAsync_DynamicQuantisationPerTensor_IsServedSinglyAndSaysWhy()
    {
        await using var host = new CpuHost();
        await using var model = await host.Engine.LoadModelAsync(Quantising());

        var sizes = await RunTogetherAsync(model, 12);

        var batching = await DecidedAsync(model);
        Assert.IsFalse(batching.IsPossible);
        StringAssert.Contains(batching.Reason, "DynamicQuantizeLinear");
        CollectionAssert.AreEqual(new[] { 1 }, sizes.Distinct().ToArray());
    }

    [TestMethod]
    public async Task LoadModelAsync_SoftmaxOverTheRows_IsServedSinglyAndSaysWhy()
    {
        await using var host = new CpuHost();
        await using var model = await host.Engine.LoadModelAsync(Mixing());

        var sizes = await RunTogetherAsync(model, 12);

        var batching = await DecidedAsync(model);
        Assert.IsFalse(batching.IsPossible);
        StringAssert.Contains(batching.Reason, "Softmax");
        CollectionAssert.AreEqual(new[] { 1 }, sizes.Distinct().ToArray());
    }

    [TestMethod]
    public async Task LoadModelAsync_DeclaredThoughRowsMix_IsTheUsersWord()
    {
        await using var host = new CpuHost();
        await using var model = await host.Engine.LoadModelAsync(Mixing(), Full(declared: true));

        var sizes = await RunTogetherAsync(model, 12);

        Assert.IsTrue((await DecidedAsync(model)).IsPossible);
        Assert.IsGreaterThan(1, sizes.Max());
    }

    [TestMethod]
    public async Task RunAsync_DigitsTogether_AreBatchedAndAnswerAsAlone()
    {
        await using var host = new CpuHost();
        var source = ModelSource.FromFile(Path.Combine(AppContext.BaseDirectory, "digits.onnx"));
        await using var model = await host.Engine.LoadModelAsync(source, Full(declared: false));
        var batching = await DecidedAsync(model);
        Assert.IsTrue(batching.IsPossible, batching.Reason);
        var random = new Random(3);
        var images = Enumerable.Range(0, 32).Select(_ => Enumerable.Range(0, 28 * 28).Select(_ => random.NextSingle()).ToArray()).ToArray();
        var alone = new List<float[]>();
        foreach (var image in images) alone.Add((await RunAsync(model, image, batch: false)).Probabilities);

        var together = await Task.WhenAll(images.Select(image => RunAsync(model, image, batch: true)));

        Assert.IsGreaterThan(1, together.Max(answer => answer.BatchSize));
        for (var i = 0; i < images.Length; i++)
        {
            for (var n = 0; n < 10; n++) Assert.AreEqual(alone[i][n], together[i].Probabilities[n], 1e-5f, $"image {i}");
        }
    }

    [TestMethod]
    public async Task RunAsync_SileroByDeclaredAxes_AnswersAsSingleRuns()
    {
        const int Streams = 6;
        const int Chunks = 25;
        await using var host = new CpuHost();
        var options = new ModelOptions
        {
            BatchAxes = { ["input"] = 0, ["state"] = 1, ["output"] = 0, ["stateN"] = 1 },
            BatchWait = BatchWait.Fixed,
            MaxBatchWait = TimeSpan.FromMilliseconds(50),
            MaxBatch = Streams,
        };
        await using var model = await host.Engine.LoadModelAsync(ModelSource.FromFile(SharedData.Require("models/silero-vad/silero_vad_v5.onnx")), options);
        var voice = SileroTests.VoiceRecording.Load();
        var single = new List<float[]> { (await StreamAsync(0, batch: false)).Probabilities };
        await DecidedAsync(model);
        for (var s = 1; s < Streams; s++) single.Add((await StreamAsync(s, batch: false)).Probabilities);

        // The state is stacked along axis 1; the sample rate has no batch axis and is equal among them.
        var batched = await Task.WhenAll(Enumerable.Range(0, Streams).Select(s => StreamAsync(s, batch: true)));

        Assert.IsGreaterThan(1, batched.Max(stream => stream.LargestBatch));
        for (var s = 0; s < Streams; s++)
        {
            for (var c = 0; c < Chunks; c++) Assert.AreEqual(single[s][c], batched[s].Probabilities[c], 1e-4f, $"stream {s}, chunk {c}");
        }

        async Task<(float[] Probabilities, int LargestBatch)> StreamAsync(int stream, bool batch)
        {
            var probabilities = new float[Chunks];
            var state = new float[2 * 128];
            var largest = 0;
            for (var chunk = 0; chunk < Chunks; chunk++)
            {
                // Each stream is at another place of the recording, and at another volume.
                var input = voice.Input(chunk + (stream * 40)).Select(sample => sample * (1 - (0.1f * stream))).ToArray();
                using var answer = await model.RunAsync(new InferenceRequest
                {
                    ["input"] = TensorValue.Create(input, 1, voice.InputLength),
                    ["state"] = TensorValue.Create(state, 2, 1, 128),
                    ["sr"] = TensorValue.Create(new long[] { voice.SampleRate }),
                    AllowBatching = batch,
                });
                probabilities[chunk] = answer["output"].AsSpan<float>()[0];
                state = answer["stateN"].AsSpan<float>().ToArray();
                largest = Math.Max(largest, answer.Timings.BatchSize);
            }

            return (probabilities, largest);
        }
    }

    /// <summary>Options under which requests that come together share a run as soon as that is allowed.</summary>
    private static ModelOptions Full(bool declared)
    {
        var options = new ModelOptions { BatchWait = BatchWait.Fixed, MaxBatchWait = TimeSpan.FromMilliseconds(50), MaxBatch = 8 };
        if (declared) (options.BatchAxes["x"], options.BatchAxes["y"]) = (0, 0);
        return options;
    }

    private static async Task<ModelBatching> DecidedAsync(IModelHandle model)
    {
        await ((IPlanTuning)model.GetService(typeof(IPlanTuning))!).WaitUntilSettledAsync();
        return (ModelBatching)model.GetService(typeof(ModelBatching))!;
    }

    private static async Task<int[]> RunTogetherAsync(IModelHandle model, int requests)
    {
        // The first request shows the shapes to measure.
        await RunAsync(0);
        await DecidedAsync(model);
        return await Task.WhenAll(Enumerable.Range(0, requests).Select(RunAsync));

        async Task<int> RunAsync(int i)
        {
            var row = new float[Width];
            Array.Fill(row, i);
            using var answer = await model.RunAsync(new InferenceRequest { ["x"] = TensorValue.Create(row, 1, Width) });
            return answer.Timings.BatchSize;
        }
    }

    private static async Task<(float[] Probabilities, int BatchSize)> RunAsync(IModelHandle model, float[] image, bool batch)
    {
        using var answer = await model.RunAsync(new InferenceRequest { ["image"] = TensorValue.Create(image, 1, 1, 28, 28), AllowBatching = batch });
        return (answer["probabilities"].AsSpan<float>().ToArray(), answer.Timings.BatchSize);
    }

    /// <summary>One scale for the whole tensor, found at run time: a large value in one row leaves the others a few steps of resolution.</summary>
    private static ModelSource Quantising() => Model(
        "quantising",
        new OnnxNode("DynamicQuantizeLinear", ["x"], ["q", "scale", "zero"]),
        new OnnxNode("DequantizeLinear", ["q", "scale", "zero"], ["y"]));

    private static ModelSource Mixing() => Model("mixing", new OnnxNode("Softmax", ["x"], ["y"], OnnxAttribute.Int("axis", 0)));

    private static ModelSource Model(string name, params OnnxNode[] nodes) => ModelSource.FromBytes(
        OnnxWriter.ToBytes(new OnnxModel(
            new OnnxGraph(name, [.. nodes], [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "n", Width)], [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "n", Width)]),
            new OnnxOpsetImport("", 17))),
        name);
}
