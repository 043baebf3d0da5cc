namespace EdgeAI.Generation.Tests;

/// <summary>Models of known shapes with random weights.</summary>
[TestClass]
public sealed class SyntheticTests
{
    [TestMethod]
    [DataRow("llama-1b", 1.10e9)]
    [DataRow("llama-7b", 6.74e9)]
    [DataRow("llama-3.1-8b", 8.03e9)]
    [DataRow("llama-3.2-1b", 1.236e9)]
    [DataRow("mistral-7b", 7.24e9)]
    [DataRow("qwen2.5-0.5b", 0.494e9)]
    [DataRow("qwen2.5-1.5b", 1.54e9)]
    [DataRow("qwen2.5-7b", 7.62e9)]
    [DataRow("qwen3-4b", 4.02e9)]
    [DataRow("phi-3-mini", 3.82e9)]
    [DataRow("gemma-2-2b", 2.61e9)]
    public void Open_PublishedShape_HasItsPublishedNumberOfParameters(string name, double published)
    {
        using var checkpoint = Checkpoint.Open($"synthetic:{name}");
        var parameters = checkpoint.Weights.Values.Sum(weight => weight.Rows * weight.Columns);
        Assert.AreEqual(published, parameters, published * 0.005);
    }

    [TestMethod]
    [DataRow("llama", "LlamaForCausalLM")]
    [DataRow("mistral", "MistralForCausalLM")]
    [DataRow("qwen2", "Qwen2ForCausalLM")]
    [DataRow("qwen3", "Qwen3ForCausalLM")]
    [DataRow("phi3", "Phi3ForCausalLM")]
    [DataRow("gemma2", "Gemma2ForCausalLM")]
    public void Open_Tiny_IsOfItsFamily(string family, string className)
    {
        using var checkpoint = Checkpoint.Open($"synthetic:tiny-{family}");
        Assert.AreEqual(family, (string)checkpoint.Configuration["model_type"]!);
        Assert.AreEqual(className, (string)checkpoint.Configuration["architectures"]![0]!);
        Assert.IsLessThan(1_000_000, checkpoint.Weights.Values.Sum(weight => weight.Rows * weight.Columns));
    }

    [TestMethod]
    public void Open_UnknownName_ListsTheKnown()
    {
        var error = Assert.ThrowsExactly<ModelLoadException>(() => Checkpoint.Open("synthetic:gpt-9").Dispose());
        StringAssert.Contains(error.Message, "llama-1b, llama-7b, llama-3.1-8b");
        StringAssert.Contains(error.Message, "tiny-gemma2");
    }

    [TestMethod]
    [DataRow("synthetic:llama-1b@")]
    [DataRow("synthetic:llama-1b@-1")]
    [DataRow("synthetic:llama-1b@x")]
    public void Open_BadSeed_IsRefused(string source) => StringAssert.Contains(Assert.ThrowsExactly<ModelLoadException>(() => Checkpoint.Open(source).Dispose()).Message, "expected a seed");

    [TestMethod]
    public void ReadRows_AnyOrderAndLength_GivesTheSameValues()
    {
        using var checkpoint = Checkpoint.Open("synthetic:tiny-llama");
        using var again = Checkpoint.Open("synthetic:tiny-llama");

        // 172 columns: rows begin at all places within a vector.
        var weight = checkpoint.Weights["model.layers.1.mlp.down_proj.weight"];
        var whole = new float[weight.Rows * weight.Columns];
        weight.ReadRows(0, whole);
        Parallel.For(0, (int)weight.Rows, row =>
        {
            var one = new float[weight.Columns];
            again.Weights[weight.Name].ReadRows(weight.Rows - 1 - row, one);
            CollectionAssert.AreEqual(whole[(int)((weight.Rows - 1 - row) * weight.Columns)..(int)((weight.Rows - row) * weight.Columns)], one);
        });
    }

    [TestMethod]
    public void ReadRaw_Rows_AreTheFloats()
    {
        using var checkpoint = Checkpoint.Open("synthetic:tiny-llama");
        var weight = checkpoint.Weights["lm_head.weight"];
        var (floats, bytes) = (new float[3 * 64], new byte[3 * 64 * 4]);
        weight.ReadRows(5, floats);
        weight.ReadRaw(5, bytes);
        CollectionAssert.AreEqual(floats, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [TestMethod]
    public void ReadRows_OtherSeedOrName_GivesOtherValues()
    {
        using var first = Checkpoint.Open("synthetic:tiny-llama");
        using var second = Checkpoint.Open("synthetic:tiny-llama@1");
        const string Gate = "model.layers.0.mlp.gate_proj.weight";
        CollectionAssert.AreNotEqual(ReadAll(first.Weights[Gate]), ReadAll(second.Weights[Gate]));
        CollectionAssert.AreNotEqual(ReadAll(first.Weights[Gate]), ReadAll(first.Weights["model.layers.1.mlp.gate_proj.weight"]));
    }

    [TestMethod]
    public void ReadRows_Projection_IsUniformAndKeepsVariance()
    {
        using var checkpoint = Checkpoint.Open("synthetic:tiny-llama");
        var values = ReadAll(checkpoint.Weights["model.embed_tokens.weight"]);
        var range = Math.Sqrt(3.0 / 64);

        // 32,768 values: the mean is known to range / sqrt(3 n), a share of a tenth to 0.2 % (one deviation).
        Assert.AreEqual(0, values.Average(value => (double)value), 5 * range / Math.Sqrt(3.0 * values.Length));
        Assert.AreEqual(1.0 / 64, values.Average(value => (double)value * value), 0.05 / 64);
        for (var tenth = 0; tenth < 10; tenth++) Assert.AreEqual(0.1, values.Count(value => (int)(((value / range) + 1) * 5) == tenth) / (double)values.Length, 0.01);
        Assert.IsGreaterThan(0.999 * values.Length, (double)values.Distinct().Count());
    }

    [TestMethod]
    public void FillUniform_AcrossTheHashsRange_GoesOnWithOthers()
    {
        // A weight of more than 2^32 values: the numbers after it are not those of its begin, and one read may cross.
        var (begin, crossing, after) = (new float[64], new float[64], new float[64]);
        CounterRandom.FillUniform(1, 0, 0, 1, begin);
        CounterRandom.FillUniform(1, (1L << 32) - 32, 0, 1, crossing);
        CounterRandom.FillUniform(1, 1L << 32, 0, 1, after);
        CollectionAssert.AreNotEqual(begin, after);
        CollectionAssert.AreEqual(after[..32], crossing[32..]);
    }

    private static float[] ReadAll(Weight weight)
    {
        var values = new float[weight.Rows * weight.Columns];
        weight.ReadRows(0, values);
        return values;
    }
}
