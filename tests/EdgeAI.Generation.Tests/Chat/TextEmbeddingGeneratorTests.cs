using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Generation.Tests.Chat;

/// <summary>Embeddings by a real session on a tiny model, against arithmetic of the test's own.</summary>
[TestClass]
public sealed class TextEmbeddingGeneratorTests : IDisposable
{
    private const float Tolerance = 1e-5f;

    // BERT's: words of a small vocabulary between two special tokens.
    private const string Tokenizer = """
        {"added_tokens":[{"id":0,"content":"[PAD]","special":true},{"id":1,"content":"[UNK]","special":true},{"id":2,"content":"[CLS]","special":true},{"id":3,"content":"[SEP]","special":true}],
         "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
         "pre_tokenizer":{"type":"BertPreTokenizer"},
         "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],
           "pair":[],"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}},
         "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
         "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
           "vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"red":4,"green":5,"blue":6,"##ish":7}}}
        """;

    private readonly TemporaryFolder _folder = new();

    public TestContext TestContext { get; set; } = null!;

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public async Task GenerateAsync_TextsOfManyLengths_AreTheMeansOfTheirTokens()
    {
        EncoderModel.Write(_folder.PathOf("model.onnx"));
        await using var services = Build(_folder.With("tokenizer.json", Tokenizer));
        using var generator = services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("texts");
        var texts = Enumerable.Range(1, 40).Select(length => string.Join(' ', Enumerable.Range(0, length).Select(word => new[] { "red", "Green", "blueish" }[(word + length) % 3]))).ToArray();

        var embeddings = await generator.GenerateAsync(texts, cancellationToken: TestContext.CancellationToken);

        var total = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            int[] tokens = [2, .. texts[i].Split(' ').SelectMany(word => word switch { "red" => new[] { 4 }, "Green" => [5], _ => [6, 7] }), 3];
            var expected = EncoderModel.Expected(tokens);
            AreEqual(Normalize([.. Enumerable.Range(0, EncoderModel.Size).Select(axis => expected.Average(vector => vector[axis]))]), embeddings[i].Vector.Span);
            total += tokens.Length;
        }

        Assert.AreEqual(total, embeddings.Usage!.InputTokenCount);
        Assert.AreEqual(Path.GetFileName(_folder.Path), embeddings[0].ModelId);
        Assert.AreEqual(EncoderModel.Size, ((EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!).DefaultModelDimensions);
    }

    [TestMethod]
    [DataRow(EmbeddingPooling.FirstToken, 0)]
    [DataRow(EmbeddingPooling.LastToken, 3)]
    public async Task GenerateAsync_OtherPooling_TakesThatToken(EmbeddingPooling pooling, int token)
    {
        EncoderModel.Write(_folder.PathOf("model.onnx"), segments: false);
        await using var services = Build(_folder.With("tokenizer.json", Tokenizer), options =>
        {
            options.Pooling = pooling;
            options.Normalize = false;
        });

        var vector = await GenerateAsync(services, "red green");

        AreEqual(EncoderModel.Expected([2, 4, 5, 3])[token], vector);
    }

    [TestMethod]
    public async Task GenerateAsync_FolderSaysHowToPool_IsFollowed()
    {
        EncoderModel.Write(_folder.PathOf("onnx/model.onnx"));
        _ = _folder.PathOf("1_Pooling/config.json");
        await using var services = Build(_folder.With("tokenizer.json", Tokenizer).With("1_Pooling/config.json", """{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}"""));

        AreEqual(Normalize(EncoderModel.Expected([2, 4, 3])[0]), await GenerateAsync(services, "red"));
    }

    [TestMethod]
    public async Task GenerateAsync_LongText_IsCutAndKeepsItsLastSpecialToken()
    {
        EncoderModel.Write(_folder.PathOf("model.onnx"));
        await using var services = Build(_folder.With("tokenizer.json", Tokenizer).With("config.json", """{"max_position_embeddings":4}"""), options => options.Pooling = EmbeddingPooling.LastToken);

        AreEqual(Normalize(EncoderModel.Expected([2, 4, 5, 3])[3]), await GenerateAsync(services, "red green blue red"));
    }

    [TestMethod]
    public async Task GenerateAsync_TextThatSpellsSpecialTokens_IsText()
    {
        EncoderModel.Write(_folder.PathOf("model.onnx"));
        await using var services = Build(_folder.With("tokenizer.json", Tokenizer), options => options.Normalize = false);
        var generator = services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("texts");

        var spelled = await generator.GenerateAsync(["red [SEP] red"], cancellationToken: TestContext.CancellationToken);

        // Two brackets and a word that is unknown, instead of one token.
        Assert.AreEqual(7, spelled.Usage!.InputTokenCount);
    }

    [TestMethod]
    public async Task GenerateAsync_FewerDimensions_ShortensAndScales()
    {
        EncoderModel.Write(_folder.PathOf("model.onnx"));
        await using var services = Build(_folder.With("tokenizer.json", Tokenizer), options => options.Pooling = EmbeddingPooling.FirstToken);
        var generator = services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("texts");

        var embedding = (await generator.GenerateAsync(["red"], new EmbeddingGenerationOptions { Dimensions = 2 }, TestContext.CancellationToken)).Single();

        AreEqual(Normalize(EncoderModel.Expected([2, 4, 3])[0][..2]), embedding.Vector.Span);
        await Assert.ThrowsExactlyAsync<InvalidInputException>(() => generator.GenerateAsync(["red"], new EmbeddingGenerationOptions { Dimensions = 5 }, TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task GenerateAsync_Prefix_StandsBeforeEachText()
    {
        EncoderModel.Write(_folder.PathOf("model.onnx"));
        await using var services = Build(_folder.With("tokenizer.json", Tokenizer), options => options.Prefix = "red ");

        var generator = services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("texts");

        Assert.AreEqual(4, (await generator.GenerateAsync(["green"], cancellationToken: TestContext.CancellationToken)).Usage!.InputTokenCount);
    }

    [TestMethod]
    public async Task GenerateAsync_FolderWithoutItsParts_SaysWhichIsMissing()
    {
        await using var services = Build(_folder);
        var generator = services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("texts");

        var graph = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => generator.GenerateAsync(["red"], cancellationToken: TestContext.CancellationToken));
        EncoderModel.Write(_folder.PathOf("model.onnx"));
        var tokenizer = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => generator.GenerateAsync(["red"], cancellationToken: TestContext.CancellationToken));

        Assert.Contains("model.onnx", graph.Message);
        Assert.Contains("tokenizer.json", tokenizer.Message);
    }

    [TestMethod]
    public async Task AsEmbeddingGenerator_ModelThatIsNoEncoder_SaysWhatIsExpected()
    {
        await using var services = new ServiceCollection().AddEdgeAI().AddCpu().Services.BuildServiceProvider();
        var graph = new EdgeAI.Onnx.OnnxGraph(
            "other",
            [new EdgeAI.Onnx.OnnxNode("Identity", ["x"], ["y"])],
            [EdgeAI.Onnx.OnnxValueInfo.Tensor("x", TensorElementType.Float32, 1)],
            [EdgeAI.Onnx.OnnxValueInfo.Tensor("y", TensorElementType.Float32, 1)]);
        EdgeAI.Onnx.OnnxWriter.Write(new EdgeAI.Onnx.OnnxModel(graph, 17) { IrVersion = 8 }, _folder.PathOf("other.onnx"));
        await using var model = await services.GetRequiredService<IInferenceEngine>().LoadModelAsync(ModelSource.FromFile(_folder.PathOf("other.onnx")), cancellationToken: TestContext.CancellationToken);

        var error = Assert.ThrowsExactly<ModelLoadException>(() => model.AsEmbeddingGenerator(LetterTokenizer.ChatMl, "other"));

        Assert.Contains("input_ids", error.Message);
    }

    [TestMethod]
    public async Task AsEmbeddingGenerator_LoadedModel_IsServed()
    {
        EncoderModel.Write(_folder.PathOf("model.onnx"));
        await using var services = new ServiceCollection().AddEdgeAI().AddCpu().Services.BuildServiceProvider();
        await using var model = await services.GetRequiredService<IInferenceEngine>().LoadModelAsync(ModelSource.FromFile(_folder.PathOf("model.onnx")), cancellationToken: TestContext.CancellationToken);
        using var generator = model.AsEmbeddingGenerator(LetterTokenizer.ChatMl, "mine", new EmbeddingModelOptions { Normalize = false, Pooling = EmbeddingPooling.FirstToken });

        var embedding = (await generator.GenerateAsync(["ab"], cancellationToken: TestContext.CancellationToken)).Single();

        AreEqual(EncoderModel.Expected(['a', 'b'])[0], embedding.Vector.Span);
        Assert.AreEqual("mine", embedding.ModelId);
    }

    private async Task<float[]> GenerateAsync(ServiceProvider services, string text) =>
        (await services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("texts").GenerateAsync([text], cancellationToken: TestContext.CancellationToken)).Single().Vector.ToArray();

    private static ServiceProvider Build(TemporaryFolder folder, Action<EmbeddingModelOptions>? configure = null) =>
        new ServiceCollection().AddEdgeAI().AddCpu().AddEmbeddingGenerator("texts", folder.Path, configure).Services.BuildServiceProvider();

    private static float[] Normalize(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(value => (double)value * value));
        return [.. vector.Select(value => (float)(value / length))];
    }

    private static void AreEqual(float[] expected, ReadOnlySpan<float> actual)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], Tolerance, $"axis {i}");
    }
}
