namespace EdgeAI.Generation.Tests;

/// <summary>A trained model written as GGUF gives the weights and the configuration that it has in Hugging Face's form.</summary>
[TestClass]
public sealed class GgufLlamaTests
{
    [TestMethod]
    [DataRow(WeightFormat.Float32, 0.0)]
    [DataRow(WeightFormat.Float16, 0.0005)]
    [DataRow(WeightFormat.BFloat16, 0.004)]
    [DataRow(WeightFormat.Q8_0, 0.01)]
    [DataRow(WeightFormat.Q4_0, 0.13)]
    public void Open_SharedModelAsGguf_HasItsWeights(object format, double tolerance)
    {
        using var original = Checkpoint.Open(Path.GetDirectoryName(SharedData.Require("models/llama-260k/config.json"))!);
        using var model = GgufModel.Open(GgufLlama.Convert(original, (WeightFormat)format));
        CollectionAssert.AreEquivalent(original.Weights.Keys.ToArray(), model.Checkpoint.Weights.Keys.ToArray());
        foreach (var (name, weight) in original.Weights)
        {
            var other = model.Checkpoint.Weights[name];
            CollectionAssert.AreEqual(weight.Lengths.ToArray(), other.Lengths.ToArray());
            var (expected, actual) = (ReadAll(weight), ReadAll(other));
            if (name.Contains("q_proj", StringComparison.Ordinal) || name.Contains("k_proj", StringComparison.Ordinal)) actual = Untangle(actual, (int)weight.Columns);
            var largest = expected.Max(Math.Abs);
            for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], tolerance * largest, name);
        }
    }

    [TestMethod]
    public void Open_SharedModelAsGguf_HasItsConfiguration()
    {
        using var original = Checkpoint.Open(Path.GetDirectoryName(SharedData.Require("models/llama-260k/config.json"))!);
        using var model = GgufModel.Open(GgufLlama.Convert(original, WeightFormat.Float32));
        Assert.IsTrue(model.Checkpoint.HasInterleavedRotaryRows);
        foreach (var name in new[] { "architectures", "model_type", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "vocab_size", "max_position_embeddings", "hidden_act", "tie_word_embeddings" })
        {
            Assert.AreEqual(original.Configuration[name]!.ToJsonString(), model.Checkpoint.Configuration[name]!.ToJsonString(), name);
        }

        Assert.AreEqual((double)original.Configuration["rms_norm_eps"]!, (double)model.Checkpoint.Configuration["rms_norm_eps"]!, 1e-12);
        Assert.AreEqual((double)original.Configuration["rope_theta"]!, (double)model.Checkpoint.Configuration["rope_theta"]!);
    }

    /// <summary>Of every head of 8 rows, the even ones first: by hand, for this model's head size.</summary>
    private static float[] Untangle(float[] values, int columns) =>
        [.. values.Chunk(8 * columns).SelectMany(head => new[] { 0, 2, 4, 6, 1, 3, 5, 7 }.SelectMany(row => head[(row * columns)..((row + 1) * columns)]))];

    private static float[] ReadAll(Weight weight)
    {
        var values = new float[weight.Rows * weight.Columns];
        weight.ReadRows(0, values);
        return values;
    }
}
