using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Building;

[TestClass]
public sealed class ModelBuilderTests
{
    private static readonly ModelBuildOptions _floats = new() { Precision = ModelPrecision.Float32 };

    [TestMethod]
    public async Task Build_UnknownArchitecture_ListsTheSupported()
    {
        var error = await RefusedAsync(new MemoryCheckpoint(new JsonObject { ["architectures"] = new JsonArray("MambaForCausalLM") }));

        Assert.Contains("'MambaForCausalLM' is not supported", error.Message);
        foreach (var supported in new[] { "LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM", "Qwen3ForCausalLM", "Phi3ForCausalLM", "Gemma2ForCausalLM" }) Assert.Contains(supported, error.Message);
    }

    [TestMethod]
    [DataRow("MixtralForCausalLM", "num_local_experts")]
    [DataRow("Qwen3MoeForCausalLM", "num_experts")]
    [DataRow("DeepseekV3ForCausalLM", "n_routed_experts")]
    [DataRow("LlamaForCausalLM", "moe_num_experts")]
    public async Task Build_MixtureOfExperts_IsRefusedWithTheSupported(string architecture, string count)
    {
        var error = await RefusedAsync(new MemoryCheckpoint(new JsonObject { ["architectures"] = new JsonArray(architecture), [count] = 8 }));

        Assert.Contains($"'{architecture}' is a mixture of experts, which is not supported; supported are LlamaForCausalLM, ", error.Message);
    }

    [TestMethod]
    public async Task Build_WrongConfiguration_NamesEveryProblem()
    {
        var model = SmallModels.Create("llama").Checkpoint;
        model.Configuration["hidden_size"] = "many";
        model.Configuration["num_key_value_heads"] = 3;
        model.Configuration["hidden_act"] = "relu";
        model.Configuration["rope_scaling"] = new JsonObject { ["type"] = "spiral" };
        model.Configuration.Remove("vocab_size");

        var error = await RefusedAsync(model);

        foreach (var problem in new[] { "hidden_size is \"many\"", "4 heads cannot share 3", "'relu'", "'spiral'", "vocab_size is missing" }) Assert.Contains(problem, error.Message);
    }

    [TestMethod]
    public async Task Build_WeightsThatDoNotFit_NamesEveryOne()
    {
        var model = SmallModels.Create("llama").Checkpoint;
        model.Remove("model.layers.1.mlp.up_proj.weight");
        model.Add("model.norm.weight", new float[71], 71);
        model.Add("model.layers.3.input_layernorm.weight", new float[72], 72);

        var error = await RefusedAsync(model);

        Assert.Contains("model.layers.1.mlp.up_proj.weight is missing", error.Message);
        Assert.Contains("model.norm.weight is [71]; expected [72]", error.Message);
        Assert.Contains("model.layers.3.input_layernorm.weight is not part of this architecture", error.Message);
    }

    [TestMethod]
    public async Task Build_Complete_WritesTheFolderAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var model = SmallModels.Create("llama").Checkpoint;
        var steps = new List<ModelBuildProgress>();

        var report = await ModelBuilder.BuildAsync(model, folder.PathOf("model"), _floats, new Immediate(steps.Add), TimeProvider.System, default);

        CollectionAssert.AreEqual(
            new[] { "edgeai_build.json", "genai_config.json", "model.onnx", "model.onnx.data" }.Select(name => Path.Combine("model", name)).ToArray(), folder.FileNames);
        Assert.AreEqual(model.Weights.Values.Sum(weight => weight.Rows * weight.Columns), report.Parameters);
        Assert.IsNull(report.WeightError);
        Assert.AreEqual(steps[^1].TotalParameters, steps[^1].DoneParameters);
        CollectionAssert.AreEqual(steps.OrderBy(step => step.DoneParameters).ToArray(), steps);
    }

    [TestMethod]
    public async Task Build_GenAIConfig_SaysWhatTheModelIs()
    {
        using var folder = new TemporaryFolder();
        var model = SmallModels.Create("qwen3").Checkpoint;
        model.Configuration["eos_token_id"] = new JsonArray(2, 7);

        await ModelBuilder.BuildAsync(model, folder.PathOf("model"), _floats, null, TimeProvider.System, default);

        var config = JsonNode.Parse(File.ReadAllText(folder.PathOf("model/genai_config.json")))!;
        var expected = JsonNode.Parse("""
            {"bos_token_id":1,"context_length":16,"decoder":{"session_options":{"log_id":"onnxruntime-genai","provider_options":[]},"filename":"model.onnx","head_size":16,"hidden_size":72,
            "inputs":{"input_ids":"input_ids","attention_mask":"attention_mask","past_key_names":"past_key_values.%d.key","past_value_names":"past_key_values.%d.value"},
            "outputs":{"logits":"logits","present_key_names":"present.%d.key","present_value_names":"present.%d.value"},
            "num_attention_heads":4,"num_hidden_layers":3,"num_key_value_heads":2},"eos_token_id":[2,7],"pad_token_id":2,"type":"qwen3","vocab_size":83}
            """);
        Assert.IsTrue(JsonNode.DeepEquals(expected, config["model"]), config["model"]!.ToJsonString());
        Assert.AreEqual(16, config["search"]!["max_length"]!.GetValue<int>());
        Assert.IsTrue(config["search"]!["past_present_share_buffer"]!.GetValue<bool>());
    }

    [TestMethod]
    public async Task Build_OverAnEarlierBuild_ReplacesIt()
    {
        using var folder = new TemporaryFolder();
        await ModelBuilder.BuildAsync(SmallModels.Create("llama").Checkpoint, folder.PathOf("model"), _floats, null, TimeProvider.System, default);

        await ModelBuilder.BuildAsync(SmallModels.Create("qwen2").Checkpoint, folder.PathOf("model"), _floats, null, TimeProvider.System, default);

        Assert.Contains("\"qwen2\"", File.ReadAllText(folder.PathOf("model/genai_config.json")));
        Assert.HasCount(4, folder.FileNames);
    }

    [TestMethod]
    public async Task Build_EarlierBuildWithAFileOfTheUser_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await ModelBuilder.BuildAsync(SmallModels.Create("llama").Checkpoint, folder.PathOf("model"), _floats, null, TimeProvider.System, default);
        folder.With("model/notes.txt", "mine");

        var error = await Assert.ThrowsExactlyAsync<IOException>(() => ModelBuilder.BuildAsync(SmallModels.Create("qwen2").Checkpoint, folder.PathOf("model"), _floats, null, TimeProvider.System, default));

        Assert.Contains("'notes.txt'", error.Message);
        Assert.Contains("\"llama\"", File.ReadAllText(folder.PathOf("model/genai_config.json")));
    }

    [TestMethod]
    [DataRow(ModelPrecision.Float32)]
    [DataRow(ModelPrecision.Int4)]
    public async Task Build_Cancelled_LeavesNothing(ModelPrecision precision)
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(() => ModelBuilder.BuildAsync(
            SmallModels.Create("llama").Checkpoint, folder.PathOf("model"), new() { Precision = precision }, new Immediate(_ => cancellation.Cancel()), TimeProvider.System, cancellation.Token));

        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    [DataRow(ModelPrecision.Float32)]
    [DataRow(ModelPrecision.Int4)]
    public async Task Build_TokenizerCannotBeWritten_LeavesNothingAndTheEarlierBuild(ModelPrecision precision)
    {
        using var folder = new TemporaryFolder();
        await ModelBuilder.BuildAsync(SmallModels.Create("llama").Checkpoint, folder.PathOf("model"), _floats, null, TimeProvider.System, default);
        var before = folder.FileNames;
        var broken = new MemoryCheckpoint(SmallModels.Create("qwen2").Checkpoint.Configuration) { OnTokenizerFiles = _ => throw new IOException("No space left on device") };
        foreach (var (name, weight) in SmallModels.Create("qwen2").Checkpoint.Weights) broken.Add(name, SmallModels.Create("qwen2").Checkpoint.ValuesOf(name), weight.Lengths.ToArray());

        await Assert.ThrowsExactlyAsync<IOException>(() => ModelBuilder.BuildAsync(broken, folder.PathOf("model"), new() { Precision = precision }, null, TimeProvider.System, default));

        CollectionAssert.AreEqual(before, folder.FileNames);
        Assert.Contains("\"llama\"", File.ReadAllText(folder.PathOf("model/genai_config.json")));
    }

    [TestMethod]
    public async Task Build_WeightThatIsNotFinite_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var model = SmallModels.Create("llama").Checkpoint;
        model.ValuesOf("model.layers.2.mlp.down_proj.weight")[17] = float.NaN;

        var error = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => ModelBuilder.BuildAsync(model, folder.PathOf("model"), ModelBuildOptions.Default, null, TimeProvider.System, default));

        Assert.Contains("model.layers.2.mlp.down_proj.weight", error.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public async Task Build_OptionsOutOfRange_NamesEveryOne()
    {
        var options = new ModelBuildOptions { BlockSize = 48, OutputBits = 5, ContextLength = 0, Threads = 0, EightBitLayers = [-1], KeyValueCache = (KeyValueCacheType)7, CalibrationFile = " " };

        var error = await Assert.ThrowsExactlyAsync<ArgumentException>(() => ModelBuilder.BuildAsync(SmallModels.Create("llama").Checkpoint, "unused", options, null, TimeProvider.System, default));

        foreach (var name in new[] { "BlockSize", "OutputBits", "ContextLength", "Threads", "EightBitLayers", "KeyValueCache", "CalibrationFile" }) Assert.Contains(name, error.Message);
    }

    private static async Task<ModelLoadException> RefusedAsync(MemoryCheckpoint model)
    {
        using var folder = new TemporaryFolder();
        var error = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => ModelBuilder.BuildAsync(model, folder.PathOf("model"), _floats, null, TimeProvider.System, default));
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
        return error;
    }

    private sealed class Immediate(Action<ModelBuildProgress> report) : IProgress<ModelBuildProgress>
    {
        public void Report(ModelBuildProgress value) => report(value);
    }
}
