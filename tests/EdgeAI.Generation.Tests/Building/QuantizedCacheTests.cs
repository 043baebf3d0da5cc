using EdgeAI.Onnx;

namespace EdgeAI.Generation.Tests.Building;

[TestClass]
public sealed class QuantizedCacheTests
{
    private static readonly ModelBuildOptions _floats = new() { Precision = ModelPrecision.Float32 };
    private static readonly ModelBuildOptions _codes = _floats with { KeyValueCache = KeyValueCacheType.Int8 };

    public TestContext TestContext { get; set; } = null!;

    /// <summary>
    /// The reference rounds keys and values to the model's codes too. What differs then is single precision (1e-6 of the logits), and a code here and there whose float
    /// lay halfway (seen: a tenth of what rounding changes): a quarter of that is allowed, while a scale of another channel, head or layer changes more than rounding does.
    /// </summary>
    [TestMethod]
    [DataRow("llama")]
    [DataRow("llama, biases")]
    [DataRow("mistral")]
    [DataRow("qwen3")]
    [DataRow("gemma2")]
    [DataRow("yarn")]
    public async Task Build_EightBitCache_LogitsAreThoseOfTheReferenceThatRoundsToo(string name)
    {
        var model = SmallModels.Create(name);
        using var folder = new TemporaryFolder();
        await DecoderFamilyTests.BuildAsync(model, folder.PathOf("model"), _codes);
        using var built = OnnxReader.Read(folder.PathOf("model/model.onnx"));
        var scales = built.Graph.Nodes.Where(node => node.OpType == "Constant").Select(node => node.Attributes[0].AsTensor().ToArray<float>()).ToArray();
        Assert.HasCount(2 * model.Reference.Layers, scales);
        var exact = model.Expect();
        var rounded = model.Reference.Run(SmallModel.Prompt, model.ValuesOf, (layer, isKey, row) => [.. row.Zip(scales[2 * layer + (isKey ? 0 : 1)], Rounded)]);

        var inOneGo = await SmallModel.RunAsync(folder.PathOf("model"), 12);
        var throughTheCache = await SmallModel.RunAsync(folder.PathOf("model"), 5, 4, 1, 1, 1);

        var (rounding, first, second) = (Error(exact, [.. rounded.SelectMany(row => row).Select(value => (float)value)]), Error(rounded, inOneGo), Error(rounded, throughTheCache));
        TestContext.WriteLine($"rounding changes {rounding:P3}; in one go {first:P4} from that, through the cache {second:P4}");
        Assert.IsLessThan(rounding / 4, first, "in one go");
        Assert.IsLessThan(rounding / 4, second, "through the cache");
    }

    /// <summary>
    /// A code is off by at most half a step, 0.29 steps on average (root of 1/12). 127 steps are 1.25 times the largest of some 500 values, which is about 3 times their root
    /// mean square, and for keys the length of two of them: 0.9 % of a value, 1.2 % of a key. Scores are products with some 2 of spread, so that weights are off by 2.5 %;
    /// three layers of both, in half of what is added up, make 2 to 3 %. Seen are 1 to 3.5; 5 are allowed.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(DecoderFamilyTests.Names), typeof(DecoderFamilyTests))]
    public async Task Build_EightBitCache_LogitsAreNearTheReferences(string name)
    {
        var model = SmallModels.Create(name);
        using var folder = new TemporaryFolder();
        await DecoderFamilyTests.BuildAsync(model, folder.PathOf("model"), _codes with { ContextLength = name.StartsWith("longrope", StringComparison.Ordinal) ? 16 : null });

        var error = Error(model.Expect(), await SmallModel.RunAsync(folder.PathOf("model"), 5, 4, 1, 1, 1));

        TestContext.WriteLine($"{error:P3}");
        Assert.IsInRange(1e-6, 0.05, error);
    }

    [TestMethod]
    public async Task Build_EightBitCache_DiffersInTheGraphAlone()
    {
        var model = SmallModels.Create("llama");
        using var folder = new TemporaryFolder();
        var floats = await DecoderFamilyTests.BuildAsync(model, folder.PathOf("floats"), _floats);

        var codes = await DecoderFamilyTests.BuildAsync(model, folder.PathOf("codes"), _codes);

        // 3 layers, 2 heads of 16.
        Assert.AreEqual((KeyValueCacheType.Float32, 768L), (floats.KeyValueCache, floats.CacheBytesPerToken));
        Assert.AreEqual((KeyValueCacheType.Int8, 192L), (codes.KeyValueCache, codes.CacheBytesPerToken));
        foreach (var name in new[] { "model.onnx.data", "genai_config.json" }) CollectionAssert.AreEqual(File.ReadAllBytes(folder.PathOf("floats/" + name)), File.ReadAllBytes(folder.PathOf("codes/" + name)), name);
        CollectionAssert.AreEqual(Directory.GetFiles(folder.PathOf("floats")).Select(Path.GetFileName).Order().ToArray(), Directory.GetFiles(folder.PathOf("codes")).Select(Path.GetFileName).Order().ToArray());
        using var opened = DecoderFolder.Open(folder.PathOf("codes"));
        Assert.AreEqual(TensorElementType.Int8, opened.Layout.CacheType);
    }

    /// <summary>Rows that were kept with other scales are other rows: nothing but the scales differs here.</summary>
    [TestMethod]
    public async Task Build_OtherScales_GiveTheModelAnotherFingerprint()
    {
        var model = SmallModels.Create("llama");
        using var folder = new TemporaryFolder();
        await DecoderFamilyTests.BuildAsync(model, folder.PathOf("first"), _codes);
        await DecoderFamilyTests.BuildAsync(model, folder.PathOf("same"), _codes);
        await DecoderFamilyTests.BuildAsync(model, folder.PathOf("other"), _codes);
        using (var read = OnnxReader.Read(folder.PathOf("other/model.onnx")))
        {
            var first = read.Graph.Nodes.First(node => node.OpType == "Constant");
            var scales = first.Attributes[0].AsTensor();
            var values = scales.ToArray<float>();
            values[^1] *= 1.5f;
            var changed = first with { Attributes = [OnnxAttribute.Tensor("value", OnnxTensor.Create<float>("", values, scales.Lengths))] };
            var nodes = read.Graph.Nodes.Replace(first, changed);
            OnnxWriter.Write(read with { Graph = read.Graph with { Nodes = nodes } }, folder.PathOf("other/model.onnx"), new() { ExternalDataThreshold = 1024, ExternalDataAlignment = 4096 });
        }

        CollectionAssert.AreEqual(File.ReadAllBytes(folder.PathOf("first/model.onnx.data")), File.ReadAllBytes(folder.PathOf("other/model.onnx.data")));
        CollectionAssert.AreEqual(Fingerprint("first"), Fingerprint("same"));
        CollectionAssert.AreNotEqual(Fingerprint("first"), Fingerprint("other"));

        byte[] Fingerprint(string name)
        {
            using var opened = DecoderFolder.Open(folder.PathOf(name));
            return ModelFingerprint.Of(opened.Model);
        }
    }

    [TestMethod]
    public async Task Build_CalibrationFileMissing_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        var model = SmallModels.Create("llama").Checkpoint;
        var withTokenizer = new MemoryCheckpoint(model.Configuration) { OnTokenizerFiles = path => File.WriteAllText(Path.Combine(path, "tokenizer.json"), Tokenization.SmallTokenizers.ByteLevel().ToJsonString()) };
        foreach (var (name, weight) in model.Weights) withTokenizer.Add(name, model.ValuesOf(name), weight.Lengths.ToArray());

        await Assert.ThrowsAsync<IOException>(() => ModelBuilder.BuildAsync(withTokenizer, folder.PathOf("model"), _codes with { CalibrationFile = folder.PathOf("none.txt") }, null, TimeProvider.System, default));

        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public async Task Build_CalibrationFileWithFloats_IsRefused()
    {
        var error = await Assert.ThrowsExactlyAsync<ArgumentException>(() => ModelBuilder.BuildAsync(SmallModels.Create("llama").Checkpoint, "unused", _floats with { CalibrationFile = "text.txt" }, null, TimeProvider.System, default));

        Assert.Contains("CalibrationFile", error.Message);
    }

    [TestMethod]
    public async Task Build_CancelledBeforeItMeasures_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var model = SmallModels.Create("llama").Checkpoint;
        var cancelling = new MemoryCheckpoint(model.Configuration) { OnTokenizerFiles = _ => cancellation.Cancel() };
        foreach (var (name, weight) in model.Weights) cancelling.Add(name, model.ValuesOf(name), weight.Lengths.ToArray());

        await Assert.ThrowsAsync<OperationCanceledException>(() => ModelBuilder.BuildAsync(cancelling, folder.PathOf("model"), _codes, null, TimeProvider.System, cancellation.Token));

        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static double Rounded(double value, float scale) => Math.Clamp(Math.Round(value / scale, MidpointRounding.ToEven), -128, 127) * scale;

    /// <summary>Root mean square of the difference over that of the logits.</summary>
    private static double Error(double[][] expected, float[] actual)
    {
        var all = expected.SelectMany(row => row).ToArray();
        Assert.HasCount(all.Length, actual);
        return Math.Sqrt(all.Zip(actual, (e, a) => (e - a) * (e - a)).Sum() / all.Sum(e => e * e));
    }
}
