namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class DecoderLayoutTests
{
    private static readonly DecoderConfiguration _model = new()
    {
        Family = "llama",
        FileName = "model.onnx",
        ContextLength = 64,
        VocabularySize = 32,
        EndTokens = [],
        Layers = 1,
        AttentionHeads = 2,
        KeyValueHeads = 2,
        HeadSize = 8,
    };

    [TestMethod]
    public void Find_OtherBuildersModel_NeedsNoOptionalInputs()
    {
        var layout = DecoderLayout.Find(Signature(), _model, "model");

        Assert.IsNull(layout.PositionIds);
        Assert.IsNull(layout.LogitCount);
        Assert.IsFalse(layout.HasLogitsOfLastOnly);
        Assert.AreEqual(32, layout.VocabularySize);
        CollectionAssert.AreEqual(new[] { 2, 3 }, layout.Past.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2 }, layout.Present.ToArray());
    }

    [TestMethod]
    public void Find_PositionsAndLogitCount_AreFound()
    {
        var layout = DecoderLayout.Find(Signature(extra: [new("position_ids", TensorElementType.Int64, [-1, -1]), new("logits_to_keep", TensorElementType.Int64, [1])]), _model, "model");

        Assert.AreEqual(4, layout.PositionIds);
        Assert.AreEqual(5, layout.LogitCount);
    }

    [TestMethod]
    public void Find_InputThatNobodyFills_IsRefused() =>
        StringAssert.Contains(Refusal(Signature(extra: [new("pixel_values", TensorElementType.Float32, [-1])])), "pixel_values");

    [TestMethod]
    public void Find_CacheHasOtherHeads_IsRefused() => StringAssert.Contains(Refusal(Signature(heads: 3)), "[batch,2,length,8]");

    [TestMethod]
    public void Find_LogitsAreNotFloats_IsRefused() => StringAssert.Contains(Refusal(Signature(logits: TensorElementType.BFloat16)), "bfloat16");

    [TestMethod]
    [DataRow(TensorElementType.Float32)]
    [DataRow(TensorElementType.Float16)]
    public void Find_LogitsAreFloats_TakesTheirType(TensorElementType type) => Assert.AreEqual(type, DecoderLayout.Find(Signature(logits: type), _model, "model").LogitsType);

    [TestMethod]
    public void Find_ConfigurationHasMoreLayers_NamesWhatIsMissing() =>
        StringAssert.Contains(Assert.ThrowsExactly<ModelLoadException>(() => DecoderLayout.Find(Signature(), _model with { Layers = 2 }, "model")).Message, "past_key_values.1.key");

    private static string Refusal(ModelSignature signature) => Assert.ThrowsExactly<ModelLoadException>(() => DecoderLayout.Find(signature, _model, "model")).Message;

    private static ModelSignature Signature(int heads = 2, TensorElementType logits = TensorElementType.Float32, params TensorSpec[] extra) => new(
        [
            new("input_ids", TensorElementType.Int64, [-1, -1]),
            new("attention_mask", TensorElementType.Int64, [-1, -1]),
            new("past_key_values.0.key", TensorElementType.Float32, [-1, heads, -1, 8]),
            new("past_key_values.0.value", TensorElementType.Float32, [-1, heads, -1, 8]),
            .. extra,
        ],
        [
            new("logits", logits, [-1, -1, 32]),
            new("present.0.key", TensorElementType.Float32, [-1, heads, -1, 8]),
            new("present.0.value", TensorElementType.Float32, [-1, heads, -1, 8]),
        ]);
}
