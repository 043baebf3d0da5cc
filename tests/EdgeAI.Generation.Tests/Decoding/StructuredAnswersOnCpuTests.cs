using System.Text;
using System.Text.Json;
using EdgeAI.Generation.Tests.Grammar;

namespace EdgeAI.Generation.Tests;

/// <summary>Schemas, prompts and a model that are random: whatever it says, each answer is complete within its tokens and fits an independent validator.</summary>
[TestClass]
public sealed class StructuredAnswersOnCpuTests
{
    private const int AtOnce = 12;

    [TestMethod]
    public async Task Generate_RandomSchemasAndPrompts_AllAnswersAreValid()
    {
        await using var model = await TinyLlama.BuildAsync(new StructuredModel(vocabulary: 900, seed: 11));

        await CheckAsync(model, schemas: 1000);
    }

    /// <summary>Trained weights have habits that random ones lack; which text its tokens stand for is the test's choice.</summary>
    [TestMethod]
    public async Task Generate_TrainedWeights_AllAnswersAreValid()
    {
        await using var model = await TinyLlama.BuildAsync();
        JsonVocabulary.Write(model.Path, 512);

        await CheckAsync(model, schemas: 150);
    }

    /// <summary>Log probabilities are asked for where each token is to be computed by itself. Kernels add in another order for another number of rows: of near neighbours another may win, rarely.</summary>
    [TestMethod]
    public async Task Generate_ForcedTokens_GivesWhatSingleStepsGive()
    {
        const int Schemas = 150;
        await using var model = await TinyLlama.BuildAsync();
        JsonVocabulary.Write(model.Path, 512);
        await using var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 1 });
        var (forced, different) = (0, 0);
        for (var seed = 0; seed < Schemas; seed++)
        {
            var grammar = JsonSchemaGrammar.Compile(Constraints.Json(new RandomSchema(seed).Schema.ToJsonString()), generator.Tokenizer!);
            var options = new GenerationOptions { MaxTokens = grammar.CreateConstraint().TokensToEnd + 40, Speculate = false, ReusePrefix = false };
            var ahead = generator.Generate(new GenerationRequest(new[] { 1, 300 + seed }) { Options = options, Constraint = grammar.CreateConstraint() });
            var single = generator.Generate(new GenerationRequest(new[] { 1, 300 + seed }) { Options = options with { TopLogProbabilities = 0 }, Constraint = grammar.CreateConstraint() });
            if (await TextOfAsync(ahead) != await TextOfAsync(single)) different++;
            forced += ahead.Usage.ForcedTokens;
            Assert.AreEqual(0, single.Usage.ForcedTokens);
        }

        Assert.IsGreaterThan(100, forced);
        Assert.IsLessThanOrEqualTo(2, different, $"{different} of {Schemas} answers");
    }

    [TestMethod]
    public async Task Generate_TooFewTokensForAnyAnswer_SaysHowManyAreNeeded()
    {
        await using var model = await TinyLlama.BuildAsync(new StructuredModel(vocabulary: 400, seed: 1));
        await using var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 1, ContextLength = 64 });
        var grammar = JsonSchemaGrammar.Compile(Constraints.Json("""{"properties":{"name":{"type":"integer"}},"required":["name"]}"""), generator.Tokenizer!);
        var needed = grammar.CreateConstraint().TokensToEnd;
        Assert.IsTrue(needed is > 2 and <= 10, $"{needed}");

        var error = Assert.ThrowsExactly<InvalidInputException>(() => generator.Generate(Request(maxTokens: needed - 1)));
        var noRoom = Assert.ThrowsExactly<InvalidInputException>(() => generator.Generate(Request(maxTokens: null, prompt: 64 - needed + 1)));
        var answer = generator.Generate(Request(needed));
        var text = await TextOfAsync(answer);

        StringAssert.Contains(error.Message, $"MaxTokens is {needed - 1}");
        StringAssert.Contains(error.Message, $"from {needed} on");
        StringAssert.Contains(noRoom.Message, $"room for {needed - 1}");
        StringAssert.StartsWith(text, "{\"name\":");
        StringAssert.EndsWith(text, "}");
        Assert.AreEqual(FinishReason.EndToken, answer.FinishReason);

        GenerationRequest Request(int? maxTokens, int prompt = 3) =>
            new(Enumerable.Repeat(5, prompt).ToArray()) { Options = new GenerationOptions { MaxTokens = maxTokens }, Constraint = grammar.CreateConstraint() };
    }

    [TestMethod]
    public async Task Generate_CancelledMidway_IsNotReportedAsComplete()
    {
        await using var model = await TinyLlama.BuildAsync(new StructuredModel(vocabulary: 400, seed: 1));
        await using var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 1 });
        var grammar = JsonSchemaGrammar.Compile(Constraints.Json("""{"type":"array","items":{"type":"string"},"minItems":60}"""), generator.Tokenizer!);
        var answer = generator.Generate(new GenerationRequest(new[] { 5, 6 }) { Options = new GenerationOptions { MaxTokens = 300 }, Constraint = grammar.CreateConstraint() });
        using var source = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in answer.WithCancellation(source.Token)) await source.CancelAsync();
        });

        Assert.IsNull(answer.FinishReason);
    }

    private static async Task CheckAsync(TinyLlama model, int schemas)
    {
        await using var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 6 });
        var forced = 0;
        for (var first = 0; first < schemas; first += AtOnce)
        {
            var answers = await Task.WhenAll(Enumerable.Range(first, Math.Min(AtOnce, schemas - first)).Select(seed => AnswerAsync(generator, seed)));
            foreach (var (seed, schema, maxTokens, text, answer) in answers)
            {
                var message = $"seed {seed}, {maxTokens} tokens: {text} for {schema}";
                Assert.AreEqual(FinishReason.EndToken, answer.FinishReason, message);
                Assert.IsLessThanOrEqualTo(maxTokens, answer.Usage.GeneratedTokens, message);
                forced += answer.Usage.ForcedTokens;
                try
                {
                    Assert.IsTrue(new PlainValidator(schema).IsValid(schema, Constraints.Json(text)), message);
                }
                catch (JsonException error)
                {
                    Assert.Fail($"{error.Message} {message}");
                }
            }
        }

        Assert.IsGreaterThan(0, forced);
    }

    private static async Task<(int Seed, JsonElement Schema, int MaxTokens, string Text, GenerationAnswer Answer)> AnswerAsync(TextGenerator generator, int seed)
    {
        var random = new Random(seed);
        var schema = Constraints.Json(new RandomSchema(seed).Schema.ToJsonString());
        var constraint = JsonSchemaGrammar.Compile(schema, generator.Tokenizer!, new JsonGrammarOptions { MaxDepth = 16 }).CreateConstraint();
        var prompt = new int[random.Next(1, 24)];
        for (var i = 0; i < prompt.Length; i++) prompt[i] = i < 4 ? 100 : random.Next(3, generator.Model.VocabularySize);
        var options = new GenerationOptions
        {
            MaxTokens = constraint.TokensToEnd + random.Next(50),
            Temperature = seed % 2 == 0 ? 0 : 0.5f + random.NextSingle(),
            TopP = seed % 4 == 1 ? 0.95f : 1,
            TopK = seed % 8 == 3 ? 40 : null,
            RepetitionPenalty = seed % 6 == 0 ? 1.2f : 1,
            Seed = seed,
        };
        var answer = generator.Generate(new GenerationRequest(prompt) { Options = options, Constraint = constraint });
        return (seed, schema, options.MaxTokens.Value, await TextOfAsync(answer), answer);
    }

    private static async Task<string> TextOfAsync(GenerationAnswer answer)
    {
        var text = new StringBuilder();
        await foreach (var token in answer) text.Append(token.Text);
        return text.ToString();
    }
}
