using EdgeAI.Generation.Tests.Building;
using EdgeAI.Onnx;

namespace EdgeAI.Generation.Tests;

/// <summary>Folders as ONNX Runtime GenAI's own builder makes them load unchanged, and generate what the reference computes.</summary>
[TestClass]
public sealed class GenAIFolderTests
{
    private const int Tokens = 24;
    private const double Tie = 1e-3;

    private static readonly int[][] _prompts = [SmallModel.Prompt, [1], [5, 81, 17, 2, 2, 44, 60, 9], [33, 33, 4]];

    public static IEnumerable<object[]> Layouts =>
    [
        ["llama", new GenAIModelOptions { IsPacked = true }],
        ["llama", new GenAIModelOptions()],
        ["llama", new GenAIModelOptions { HasPositions = true }],
        ["llama", new GenAIModelOptions { IsPacked = true, PrunesHead = true }],
        ["llama", new GenAIModelOptions { IsPacked = true, IsQuantized = true }],
        ["llama", new GenAIModelOptions { IsQuantized = true, HasPositions = true, PrunesHead = true }],
        ["qwen2", new GenAIModelOptions { IsPacked = true, IsQuantized = true, Type = "qwen2" }],
        ["qwen2", new GenAIModelOptions { Type = "qwen2" }],
        ["mistral", new GenAIModelOptions { IsPacked = true, Type = "mistral" }],
        ["smollm, tied", new GenAIModelOptions { IsPacked = true, Type = "smollm" }],
    ];

    [TestMethod]
    [DynamicData(nameof(Layouts))]
    public async Task Generate_FolderOfTheOtherBuilder_GivesTheReferencesTokens(string name, object layout)
    {
        var options = (GenAIModelOptions)layout;
        var model = SmallModels.Create(name);
        using var folder = new TemporaryFolder();
        GenAIModel.Write(model, folder.PathOf("model"), options);
        await using var generator = await LoadedFolder.OpenAsync(folder.PathOf("model"), new TextGeneratorOptions { MaxSequences = 3 });

        // More sequences than places, of different lengths: they join and leave, and share what they have in common.
        var answers = await Task.WhenAll(_prompts.Select(prompt => generator.GenerateAsync(prompt, Tokens)));

        Assert.IsTrue(answers.All(answer => answer.Length == Tokens));
        for (var i = 0; i < _prompts.Length; i++) AssertChosen(model.Reference, Weights(model, options), _prompts[i], answers[i], Tie);
        Assert.AreEqual(options.Type, generator.Generator.Model.Family);
        CollectionAssert.AreEqual(options.EndTokens, generator.Generator.Model.EndTokens.ToArray());
        Assert.AreEqual(GenAIModel.Context, generator.Generator.Model.ContextLength);
    }

    [TestMethod]
    public async Task Generate_ListOfEndTokens_EachEndsTheAnswer()
    {
        var model = SmallModels.Create("llama");
        using var folder = new TemporaryFolder();
        GenAIModel.Write(model, folder.PathOf("model"), new GenAIModelOptions());
        int[] free;
        await using (var generator = await LoadedFolder.OpenAsync(folder.PathOf("model"))) free = await generator.GenerateAsync(SmallModel.Prompt, Tokens);
        var last = free.Index().First(token => token.Index >= 3 && !free.Take(token.Index).Contains(token.Item));

        GenAIModel.Write(model, folder.PathOf("model"), new GenAIModelOptions { EndTokens = [Enumerable.Range(0, 83).Except(free).First(), last.Item] });
        await using var ending = await LoadedFolder.OpenAsync(folder.PathOf("model"));

        CollectionAssert.AreEqual(free[..last.Index], await ending.GenerateAsync(SmallModel.Prompt, Tokens, ignoreEnd: false));
    }

    /// <summary>Half precision is 11 bits: some thousandths of the logits' size after three layers, which is what two close tokens may be apart where the choice differs.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Generate_FolderOfHalfPrecision_GivesTheReferencesTokens(bool isQuantized)
    {
        var options = new GenAIModelOptions { IsPacked = true, IsHalf = true, IsQuantized = isQuantized };
        var model = SmallModels.Create("llama");
        using var folder = new TemporaryFolder();
        GenAIModel.Write(model, folder.PathOf("model"), options);
        await using var generator = await LoadedFolder.OpenAsync(folder.PathOf("model"), new TextGeneratorOptions { MaxSequences = 2 });

        var answers = await Task.WhenAll(_prompts.Select(prompt => generator.GenerateAsync(prompt, Tokens)));

        var weights = Weights(model, options);
        Assert.IsTrue(answers.All(answer => answer.Length == Tokens));
        for (var i = 0; i < _prompts.Length; i++) AssertChosen(model.Reference, name => [.. weights(name).Select(value => (float)(Half)value)], _prompts[i], answers[i], tie: 0.05);
    }

    private static Func<string, float[]> Weights(SmallModel model, GenAIModelOptions options)
    {
        bool IsRounded(string name) => options.IsQuantized && (name.EndsWith("_proj.weight", StringComparison.Ordinal) || name == "lm_head.weight");
        int Columns(string name) => name.Contains("down_proj", StringComparison.Ordinal) ? model.Reference.FeedForward : name.Contains("o_proj", StringComparison.Ordinal) ? model.Reference.Heads * model.Reference.HeadSize : model.Reference.Hidden;
        var known = new Dictionary<string, float[]>();
        return name => known.TryGetValue(name, out var values) ? values : known[name] = IsRounded(name) ? GenAIModelOptions.Restore(model.ValuesOf(name), Columns(name)) : model.ValuesOf(name);
    }

    /// <summary>Every token is the reference's best after those before it, or as good as that.</summary>
    internal static void AssertChosen(ReferenceDecoder reference, Func<string, float[]> weights, int[] prompt, int[] answer, double tie)
    {
        var logits = reference.Run([.. prompt, .. answer[..^1]], weights)[(prompt.Length - 1)..];
        for (var i = 0; i < answer.Length; i++) Assert.IsGreaterThanOrEqualTo(logits[i].Max() - tie, logits[i][answer[i]], $"token {i} of the answer to [{string.Join(", ", prompt)}]");
    }

    /// <summary>Unfused attention cannot keep its cache in place.</summary>
    [TestMethod]
    [DataRow("sliding_window_cache")]
    [DataRow("another operator")]
    public async Task Load_AttentionThatIsNotSupported_SaysSo(string what)
    {
        using var folder = new TemporaryFolder();
        GenAIModel.Write(SmallModels.Create("llama"), folder.PathOf("model"), new GenAIModelOptions());
        OnnxNode Changed(OnnxNode node) => node.OpType != "GroupQueryAttention" ? node
            : what == "another operator" ? node with { OpType = "MultiHeadAttention" }
            : node with { Attributes = [.. node.Attributes, OnnxAttribute.Int(what, 1)] };
        using (var model = OnnxReader.Read(folder.PathOf("model/model.onnx")))
        {
            OnnxWriter.Write(model with { Graph = model.Graph with { Nodes = [.. model.Graph.Nodes.Select(Changed)] } }, folder.PathOf("model/model.onnx"), new() { ExternalDataThreshold = 1 });
        }

        var error = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => LoadedFolder.OpenAsync(folder.PathOf("model")));

        Assert.Contains(what == "another operator" ? "0 GroupQueryAttention nodes for 3 layers" : what, error.Message);
    }
}
