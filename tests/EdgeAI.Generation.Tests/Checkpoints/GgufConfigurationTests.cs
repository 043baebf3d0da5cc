namespace EdgeAI.Generation.Tests;

/// <summary>A GGUF file's metadata in Hugging Face's terms.</summary>
[TestClass]
public sealed class GgufConfigurationTests
{
    [TestMethod]
    [DataRow("llama", "llama", "LlamaForCausalLM", true)]
    [DataRow("qwen2", "qwen2", "Qwen2ForCausalLM", false)]
    [DataRow("qwen3", "qwen3", "Qwen3ForCausalLM", false)]
    [DataRow("phi3", "phi3", "Phi3ForCausalLM", false)]
    [DataRow("gemma2", "gemma2", "Gemma2ForCausalLM", false)]
    public void Configuration_EachArchitecture_HasItsTypeAndShape(string architecture, string modelType, string className, bool interleaved)
    {
        using var model = GgufModel.Open(GgufModel.Small(architecture));
        var json = model.Checkpoint.Configuration;
        Assert.AreEqual(modelType, (string)json["model_type"]!);
        Assert.AreEqual(className, (string)json["architectures"]![0]!);
        Assert.AreEqual(interleaved, model.Checkpoint.HasInterleavedRotaryRows);
        Assert.AreEqual(3, (int)json["vocab_size"]!);
        Assert.AreEqual(16, (int)json["hidden_size"]!);
        Assert.AreEqual(32, (int)json["intermediate_size"]!);
        Assert.AreEqual(2, (int)json["num_hidden_layers"]!);
        Assert.AreEqual(4, (int)json["num_attention_heads"]!);
        Assert.AreEqual(2, (int)json["num_key_value_heads"]!);
        Assert.AreEqual(4, (int)json["head_dim"]!);
        Assert.AreEqual(128, (int)json["max_position_embeddings"]!);
        Assert.AreEqual((double)1e-6f, (double)json["rms_norm_eps"]!);
        Assert.AreEqual(10000.0, (double)json["rope_theta"]!);
        Assert.IsTrue((bool)json["tie_word_embeddings"]!);
        Assert.IsFalse((bool)json["attention_bias"]!);
        Assert.IsFalse(json.ContainsKey("rope_scaling"));
        Assert.IsFalse(json.ContainsKey("sliding_window"));
    }

    [TestMethod]
    public void Configuration_OutputAndBiasArePresent_SaysSo()
    {
        using var model = GgufModel.Open(GgufModel.Small("qwen2").Add("output.weight", new float[48], [3, 16]).Add("blk.0.attn_q.bias", new float[16], [16]).With("qwen2.rope.freq_base", 1e6f));
        Assert.IsFalse((bool)model.Checkpoint.Configuration["tie_word_embeddings"]!);
        Assert.IsTrue((bool)model.Checkpoint.Configuration["attention_bias"]!);
        Assert.AreEqual(1e6, (double)model.Checkpoint.Configuration["rope_theta"]!);
    }

    [TestMethod]
    public void Configuration_LlamaWithAWindow_IsMistral()
    {
        using var model = GgufModel.Open(GgufModel.Small().With("llama.attention.sliding_window", 4096u));
        Assert.AreEqual("mistral", (string)model.Checkpoint.Configuration["model_type"]!);
        Assert.AreEqual(4096, (int)model.Checkpoint.Configuration["sliding_window"]!);
    }

    [TestMethod]
    public void Configuration_Gemma2_HasCapsWindowAndQueryScale()
    {
        using var model = GgufModel.Open(GgufModel.Small("gemma2").With("gemma2.attn_logit_softcapping", 50f).With("gemma2.final_logit_softcapping", 30f).With("gemma2.attention.sliding_window", 4096u).With("gemma2.attention.key_length", 8u));
        var json = model.Checkpoint.Configuration;
        Assert.AreEqual(50.0, (double)json["attn_logit_softcapping"]!);
        Assert.AreEqual(30.0, (double)json["final_logit_softcapping"]!);
        Assert.AreEqual(4096, (int)json["sliding_window"]!);
        Assert.AreEqual(8, (int)json["head_dim"]!);
        Assert.AreEqual(8, (int)json["query_pre_attn_scalar"]!);
        Assert.AreEqual("gelu_pytorch_tanh", (string)json["hidden_activation"]!);
    }

    [TestMethod]
    [DataRow("llama.rope.scaling.factor", "llama.rope.scaling.type", "linear")]
    [DataRow("llama.rope.scale_linear", "general.name", "linear")]
    [DataRow("llama.rope.scaling.factor", "llama.rope.scaling.type", "yarn")]
    public void Configuration_Scaled_SaysHow(string factorKey, string typeKey, string type)
    {
        using var model = GgufModel.Open(GgufModel.Small().With(factorKey, 4f).With(typeKey, type).With("llama.rope.scaling.original_context_length", 32u));
        var scaling = model.Checkpoint.Configuration["rope_scaling"]!;
        Assert.AreEqual(type, (string)scaling["rope_type"]!);
        Assert.AreEqual(4.0, (double)scaling["factor"]!);
        Assert.AreEqual(type == "yarn" ? 32 : null, (int?)scaling["original_max_position_embeddings"]);
    }

    [TestMethod]
    public void Configuration_Llama31Factors_GivesLlama3Scaling()
    {
        // As transformers computes them for Llama 3.1: factor 8, low 1, high 4, 8192.
        var factors = Enumerable.Range(0, 64).Select(i =>
        {
            var frequency = Math.Pow(500000, -2.0 * i / 128);
            var wavelength = 2 * Math.PI / frequency;
            var smooth = ((8192 / wavelength) - 1) / 3;
            var scaled = wavelength > 8192 ? frequency / 8 : wavelength < 2048 ? frequency : ((1 - smooth) * frequency / 8) + (smooth * frequency);
            return (float)(frequency / scaled);
        }).ToArray();
        using var model = GgufModel.Open(GgufModel.Small().With("llama.rope.freq_base", 500000f).Add("rope_freqs.weight", factors, [64]));
        var scaling = model.Checkpoint.Configuration["rope_scaling"]!;
        Assert.AreEqual("llama3", (string)scaling["rope_type"]!);
        Assert.AreEqual(8.0, (double)scaling["factor"]!);
        Assert.AreEqual(1.0, (double)scaling["low_freq_factor"]!);
        Assert.AreEqual(4.0, (double)scaling["high_freq_factor"]!);
        Assert.AreEqual(8192, (int)scaling["original_max_position_embeddings"]!);
        Assert.IsFalse(model.Checkpoint.Weights.ContainsKey("rope_freqs.weight"));
    }

    [TestMethod]
    public void Configuration_OtherFactors_AreKeptAsTheyAre()
    {
        using var model = GgufModel.Open(GgufModel.Small().Add("rope_freqs.weight", [1f, 3f], [2]));
        var scaling = model.Checkpoint.Configuration["rope_scaling"]!;
        Assert.AreEqual("longrope", (string)scaling["rope_type"]!);
        Assert.AreEqual("[1,3]", scaling["long_factor"]!.ToJsonString());
        Assert.AreEqual("[1,3]", scaling["short_factor"]!.ToJsonString());
        Assert.AreEqual(1.0, (double)scaling["attention_factor"]!);
    }

    [TestMethod]
    public void Configuration_Phi3LongAndShortFactors_GiveLongRope()
    {
        using var model = GgufModel.Open(GgufModel.Small("phi3").With("phi3.rope.scaling.original_context_length", 32u).With("phi3.rope.scaling.attn_factor", 1.25f)
            .Add("rope_factors_long.weight", [2f, 4f], [2]).Add("rope_factors_short.weight", [1f, 1.5f], [2]));
        var json = model.Checkpoint.Configuration;
        Assert.AreEqual("[2,4]", json["rope_scaling"]!["long_factor"]!.ToJsonString());
        Assert.AreEqual("[1,1.5]", json["rope_scaling"]!["short_factor"]!.ToJsonString());
        Assert.AreEqual(4.0, (double)json["rope_scaling"]!["factor"]!);
        Assert.AreEqual(1.25, (double)json["rope_scaling"]!["attention_factor"]!);
        Assert.AreEqual(32, (int)json["original_max_position_embeddings"]!);
    }

    [TestMethod]
    public void Configuration_EndTokens_AreThoseNamedAndThoseKnownByText()
    {
        using var model = GgufModel.Open(GgufModel.Small("qwen2").With("tokenizer.ggml.eos_token_id", 1u).With("tokenizer.ggml.bos_token_id", 0u).With("tokenizer.ggml.padding_token_id", 2u)
            .With("tokenizer.ggml.tokens", new[] { "<|endoftext|>", "<|im_end|>", "a", "<|end|>" }).With("tokenizer.ggml.token_type", new[] { 3, 3, 1, 1 }));
        Assert.AreEqual("[1,0]", model.Checkpoint.Configuration["eos_token_id"]!.ToJsonString());
        Assert.AreEqual(0, (int)model.Checkpoint.Configuration["bos_token_id"]!);
        Assert.AreEqual(2, (int)model.Checkpoint.Configuration["pad_token_id"]!);
    }
}
