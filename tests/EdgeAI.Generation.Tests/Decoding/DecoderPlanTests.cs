namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class DecoderPlanTests
{
    private const long Gigabyte = 1L << 30;

    // Qwen2.5-7B: 28 layers, 4 key-value heads of 128.
    private static readonly DecoderConfiguration _model = new()
    {
        Family = "qwen2",
        FileName = "model.onnx",
        ContextLength = 32768,
        VocabularySize = 152064,
        EndTokens = [],
        Layers = 28,
        AttentionHeads = 28,
        KeyValueHeads = 4,
        HeadSize = 128,
    };

    [TestMethod]
    public void Create_MuchMemory_TakesEightSequencesOfFourThousandTokens()
    {
        var plan = Create(new TextGeneratorOptions { PrefixCacheBytes = 0 }, memory: 64 * Gigabyte);

        Assert.AreEqual(4096, plan.Capacity);
        Assert.AreEqual(8, plan.Slots);
        Assert.AreEqual(4, plan.Threads);

        // 114,688 bytes a token; weights count 1.4 times.
        Assert.AreEqual((long)(4 * Gigabyte * 1.4) + (8L * 4096 * 114_688), plan.MemoryBytes);
    }

    [TestMethod]
    public void Create_LittleMemory_TakesAsManySequencesAsFit()
    {
        // 8 GiB less 5.6 GiB of weights leave 2.4 GiB, and a sequence takes 0.4375.
        Assert.AreEqual(5, Create(new TextGeneratorOptions { PrefixCacheBytes = 0 }, memory: 8 * Gigabyte).Slots);
        Assert.AreEqual(1, Create(new TextGeneratorOptions(), memory: Gigabyte).Slots);
    }

    [TestMethod]
    public void Create_CacheOfEightBits_TakesFourTimesAsManySequences()
    {
        // 2.4 GiB are left, as above; a sequence takes 112 MiB instead of 448.
        Assert.AreEqual(5, Create(new TextGeneratorOptions { PrefixCacheBytes = 0 }, memory: 8 * Gigabyte).Slots);
        Assert.AreEqual(8, Create(new TextGeneratorOptions { PrefixCacheBytes = 0 }, memory: 8 * Gigabyte, cacheType: TensorElementType.Int8).Slots);
        Assert.AreEqual(
            (long)(4 * Gigabyte * 1.4) + (4L * 4096 * 28_672),
            Create(new TextGeneratorOptions { PrefixCacheBytes = 0, MaxSequences = 4 }, memory: 8 * Gigabyte, cacheType: TensorElementType.Int8).MemoryBytes);
    }

    [TestMethod]
    public void BytesPerSlot_ShapesOfTinyLlama_AreThoseOfItsKeysAndValues()
    {
        // 1.1 billion weights: 22 layers, 4 key-value heads of 64.
        var model = _model with { Layers = 22, KeyValueHeads = 4, HeadSize = 64 };

        Assert.AreEqual(45_056, KeyValueCache.BytesPerSlot(model, TensorElementType.Float32, capacity: 1));
        Assert.AreEqual(11_264, KeyValueCache.BytesPerSlot(model, TensorElementType.Int8, capacity: 1));
    }

    [TestMethod]
    public void Create_LongContext_TakesSmallerPartsOfPrompts()
    {
        Assert.AreEqual(128, Create(new TextGeneratorOptions(), memory: null).MaxChunk);
        Assert.AreEqual(32, Create(new TextGeneratorOptions { ContextLength = 32768 }, memory: null).MaxChunk);
        Assert.AreEqual(256, Create(new TextGeneratorOptions { ContextLength = 1024 }, memory: null).MaxChunk);
    }

    [TestMethod]
    public void Create_ModelGivesLogitsOfAllPositions_TheyBoundTheParts() =>
        Assert.AreEqual(110, Create(new TextGeneratorOptions(), memory: null, hasLogitCount: false).MaxChunk);

    [TestMethod]
    public void Create_ContextIsLongerThanTheModels_IsRefused() =>
        StringAssert.Contains(Assert.ThrowsExactly<ModelLoadException>(() => Create(new TextGeneratorOptions { ContextLength = 40_000 }, memory: null)).Message, "32768");

    private static DecoderPlan Create(TextGeneratorOptions options, long? memory, bool hasLogitCount = true, TensorElementType cacheType = TensorElementType.Float32) =>
        DecoderPlan.Create("folder", _model, Layout(hasLogitCount, cacheType), 4 * Gigabyte, options, parallelism: 4, memory);

    private static DecoderLayout Layout(bool hasLogitCount, TensorElementType cacheType) => new()
    {
        InputIds = 0,
        AttentionMask = 1,
        PositionIds = null,
        LogitCount = hasLogitCount ? 2 : null,
        Logits = 0,
        LogitsType = TensorElementType.Float32,
        HasLogitsOfLastOnly = false,
        Past = [],
        Present = [],
        CacheType = cacheType,
        VocabularySize = null,
    };
}
