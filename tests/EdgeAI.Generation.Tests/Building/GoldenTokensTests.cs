using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Building;

[TestClass]
public sealed class GoldenTokensTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Build_TrainedLlamaAtFloat32_DecodesTheGoldenTokens()
    {
        var (prompt, golden) = Golden();
        using var folder = new TemporaryFolder();
        await ModelBuilder.BuildAsync(SharedData.Require("models/llama-260k"), folder.PathOf("model"), new() { Precision = ModelPrecision.Float32 });

        CollectionAssert.AreEqual(golden, await DecodeAsync(folder.PathOf("model"), prompt, golden.Length));
    }

    [TestMethod]
    public async Task Build_TrainedLlamaAsGguf_DecodesTheGoldenTokens()
    {
        var (prompt, golden) = Golden();
        using var folder = new TemporaryFolder();

        await BuildFromGgufAsync(folder, WeightFormat.Float32, ModelPrecision.Float32);

        CollectionAssert.AreEqual(golden, await DecodeAsync(folder.PathOf("model"), prompt, golden.Length));
    }

    /// <summary>The blocks of the file are taken over as they are: the model is the one that their values make.</summary>
    [TestMethod]
    [DataRow(WeightFormat.Q8_0, ModelPrecision.Int8)]
    [DataRow(WeightFormat.Q4_0, ModelPrecision.Int4)]
    public async Task Build_GgufBlocks_AreTakenOverWithoutLoss(object format, ModelPrecision precision)
    {
        using var folder = new TemporaryFolder();
        using (var source = new SyntheticCheckpoint(new SyntheticShape("small", "llama", Hidden: 64, Layers: 2, FeedForward: 160, Heads: 4, KeyValueHeads: 2, Vocabulary: 512, Context: 64), seed: 1, "small"))
        {
            Assert.IsTrue(source.Weights.Values.All(weight => weight.Columns % 32 == 0), "rows that are no whole blocks would not be blocks in the file");
            await File.WriteAllBytesAsync(folder.PathOf("model.gguf"), GgufLlama.Convert(source, (WeightFormat)format).ToBytes());
        }

        await ModelBuilder.BuildAsync(folder.PathOf("model.gguf"), folder.PathOf("values"), new() { Precision = ModelPrecision.Float32 });
        await ModelBuilder.BuildAsync(folder.PathOf("model.gguf"), folder.PathOf("blocks"), new() { Precision = precision, OutputBits = precision == ModelPrecision.Int4 ? 4 : 8 });

        QuantizedDecoder.WriteExact(folder.PathOf("blocks"), folder.PathOf("exact/model.onnx"));
        var expected = await LogitsAsync(folder.PathOf("values"), [1], [2, 3, 4, 5, 6, 7, 8]);
        var actual = await LogitsAsync(folder.PathOf("exact"), [1], [2, 3, 4, 5, 6, 7, 8]);
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-4 * largest);
    }

    private static async Task BuildFromGgufAsync(TemporaryFolder folder, WeightFormat format, ModelPrecision precision)
    {
        using (var original = Checkpoint.Open(Path.GetDirectoryName(SharedData.Require("models/llama-260k/config.json"))!))
        {
            await File.WriteAllBytesAsync(folder.PathOf("model.gguf"), GgufLlama.Convert(original, format).ToBytes());
        }

        await ModelBuilder.BuildAsync(folder.PathOf("model.gguf"), folder.PathOf("model"), new() { Precision = precision });
    }

    private static async Task<float[]> LogitsAsync(string folder, int[] prompt, int[] golden)
    {
        await using var decoder = await RunningDecoder.OpenAsync(folder, capacity: prompt.Length + golden.Length);
        return await decoder.RunAsync([.. prompt, .. golden[..^1]], 0, keep: golden.Length);
    }

    /// <summary>
    /// Quantised weights are another model, and this one's first two tokens are 0.1 logits apart: what is asked is how many golden tokens it would choose too, each after the golden ones before it.
    /// Seen on a processor with AVX2: 117 of 128 at 8 bits, 46 at 4 bits; 120 and 44 with activations that are not rounded. The values of llama.cpp's Q8_0 and Q4_0 blocks choose 114 and 34.
    /// </summary>
    [TestMethod]
    [DataRow(ModelPrecision.Int8, 0.6, 0.006)]
    [DataRow(ModelPrecision.Int4, 0.3, 0.08)]
    public async Task Build_TrainedLlamaQuantised_ChoosesMostGoldenTokens(ModelPrecision precision, double least, double mostError)
    {
        var (prompt, golden) = Golden();
        using var folder = new TemporaryFolder();

        var report = await ModelBuilder.BuildAsync(SharedData.Require("models/llama-260k"), folder.PathOf("model"), new() { Precision = precision });

        QuantizedDecoder.WriteExact(folder.PathOf("model"), folder.PathOf("exact/model.onnx"));
        var tokens = await DecodeAsync(folder.PathOf("model"), prompt, golden.Length);
        var same = golden.Zip(tokens).TakeWhile(pair => pair.First == pair.Second).Count();
        var (agreed, agreedExact) = (await CountAgreedAsync(folder.PathOf("model"), prompt, golden), await CountAgreedAsync(folder.PathOf("exact"), prompt, golden));
        TestContext.WriteLine($"{precision}: {agreed} of {golden.Length} tokens chosen too ({agreedExact} with float activations), {same} before the first other one; weight error {report.WeightError:P3}");
        Assert.IsGreaterThanOrEqualTo(least * golden.Length, agreed);
        Assert.IsInRange(0, mostError, report.WeightError!.Value);
    }

    /// <summary>
    /// A cache of 8-bit codes: as above, each token after the golden ones before it. Weights are floats, so what differs is the cache alone. This model's heads have 8 channels:
    /// rounding averages out less than in those of 64 and more. Seen: 123 of 128, and 5.9 % of the logits' size.
    /// </summary>
    [TestMethod]
    public async Task Build_TrainedLlamaWithEightBitCache_ChoosesNearlyAllGoldenTokens()
    {
        var (prompt, golden) = Golden();
        var source = SharedData.Require("models/llama-260k");
        using var folder = new TemporaryFolder();
        await ModelBuilder.BuildAsync(source, folder.PathOf("floats"), new() { Precision = ModelPrecision.Float32 });

        await ModelBuilder.BuildAsync(source, folder.PathOf("codes"), new() { Precision = ModelPrecision.Float32, KeyValueCache = KeyValueCacheType.Int8 });

        var (expected, actual) = (await LogitsAsync(folder.PathOf("floats"), prompt, golden), await LogitsAsync(folder.PathOf("codes"), prompt, golden));
        var largest = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        var error = Math.Sqrt(expected.Zip(actual, (e, a) => (double)(e - a) * (e - a)).Sum() / expected.Sum(e => (double)e * e));
        var agreed = await CountAgreedAsync(folder.PathOf("codes"), prompt, golden);
        var same = golden.Zip(await DecodeAsync(folder.PathOf("codes"), prompt, golden.Length)).TakeWhile(pair => pair.First == pair.Second).Count();
        TestContext.WriteLine($"{agreed} of {golden.Length} tokens chosen too, {same} before the first other one; largest error of a logit {largest:F3}, {error:P3} of the logits' size; logits reach {expected.Max():F1}");
        Assert.IsGreaterThanOrEqualTo(0.9 * golden.Length, agreed);
        Assert.IsInRange(0, 0.09, error);
    }

    [TestMethod]
    public async Task Build_TrainedLlamaAtFourBits_ErrsLessThanQ4_0()
    {
        var source = SharedData.Require("models/llama-260k");
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(source);
        var theirs = default(WeightError);
        foreach (var weight in checkpoint.Weights.Values.Where(weight => weight.Lengths.Length == 2))
        {
            var rows = new float[weight.Rows * weight.Columns];
            weight.ReadRows(0, rows);
            theirs += WeightError.MeasureQ4_0((int)weight.Columns, rows);
        }

        var report = await ModelBuilder.BuildAsync(source, folder.PathOf("model"), new() { OutputBits = 4 });

        TestContext.WriteLine($"all at 4 bits: {report.WeightError:P3}, Q4_0: {theirs.RelativeRms:P3}");
        Assert.IsLessThan(theirs.RelativeRms, report.WeightError!.Value);
    }

    internal static (int[] Prompt, int[] Tokens) Golden()
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.Require("models/llama-260k/golden.json")))!;
        return (Ints(golden["prompt"]!), Ints(golden["tokens"]!));
    }

    internal static async Task<int[]> DecodeAsync(string folder, int[] prompt, int count)
    {
        await using var decoder = await RunningDecoder.OpenAsync(folder, capacity: prompt.Length + count);
        var tokens = new List<int>();
        var next = prompt;
        var past = 0;
        while (tokens.Count < count)
        {
            var logits = await decoder.RunAsync(next, past, keep: 1);
            past += next.Length;
            var best = Array.IndexOf(logits, logits.Max());
            tokens.Add(best);
            next = [best];
        }

        return [.. tokens];
    }

    private static async Task<int> CountAgreedAsync(string folder, int[] prompt, int[] golden)
    {
        var logits = await LogitsAsync(folder, prompt, golden);
        var width = logits.Length / golden.Length;
        return golden.Index().Count(token => logits.AsSpan(token.Index * width, width).IndexOf(logits.AsSpan(token.Index * width, width).ToArray().Max()) == token.Item);
    }

    private static int[] Ints(JsonNode list) => [.. list.AsArray().Select(item => item!.GetValue<int>())];
}
