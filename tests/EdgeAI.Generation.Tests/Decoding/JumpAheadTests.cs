using EdgeAI.Generation.Tests.Grammar;

namespace EdgeAI.Generation.Tests;

/// <summary>Tokens that a constraint forces are computed together, and nothing else changes.</summary>
[TestClass]
public sealed class JumpAheadTests
{
    private const string LongNames = """{"properties":{"the_name_of_the_customer":{"type":"integer"},"the_place_of_the_customer":{"type":"null"}},"required":["the_name_of_the_customer","the_place_of_the_customer"]}""";

    private static readonly TestVocabulary _vocabulary = TestVocabulary.Random(3, 400);

    [TestMethod]
    public void Step_OneTextCanFollow_TakesOneRun()
    {
        var (tokens, runs, forced) = Run(LongNames, jumpsAhead: true);
        var (plain, plainRuns, none) = Run(LongNames, jumpsAhead: false);

        CollectionAssert.AreEqual(plain, tokens);
        Assert.AreEqual(0, none);
        Assert.IsGreaterThan(40, forced);
        Assert.IsLessThan(plainRuns - 30, runs);
    }

    [TestMethod]
    public void Step_LogProbabilitiesAreAsked_EachTokenIsComputedByItself()
    {
        var (_, _, forced) = Run(LongNames, jumpsAhead: true, new GenerationOptions { MaxTokens = 90, TopLogProbabilities = 2 });

        Assert.AreEqual(0, forced);
    }

    /// <summary>Sequences join at random steps, with a constraint or without, greedy or sampled, drafted or not.</summary>
    [TestMethod]
    public void Step_RandomSchemasAndArrivals_GivesWhatSingleStepsGive()
    {
        var forced = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            var jumping = Answer(seed, jumpsAhead: true, out var count);
            var plain = Answer(seed, jumpsAhead: false, out var none);
            Assert.AreEqual(0, none);
            forced += count;
            for (var i = 0; i < plain.Count; i++) CollectionAssert.AreEqual(plain[i], jumping[i], $"seed {seed}, sequence {i}");
        }

        Assert.IsGreaterThan(1000, forced);
    }

    /// <summary>A sequence whose text is forced again and again must not keep a prompt waiting.</summary>
    [TestMethod]
    public void Step_ForcedAgainAndAgain_PromptsGetTheirTurn()
    {
        var decoder = new HistoryDecoder(2, 512, _vocabulary.VocabularySize, maxChunk: 64);
        using var fixture = new EngineFixture(decoder, new DecodingLimits { SharedChunk = 8 }, _vocabulary.End);
        var schema = $$"""{"type":"array","minItems":6,"items":{{LongNames}}}""";
        var grammar = JsonSchemaGrammar.Compile(Constraints.Json(schema), _vocabulary);
        var busy = fixture.Submit(new GenerationRequest(new[] { 1 }) { Options = new GenerationOptions { MaxTokens = 400 }, Constraint = grammar.CreateConstraint() });
        while (busy.GeneratedCount < 10) fixture.Engine.Step();
        var prompt = fixture.Submit(Enumerable.Range(0, 64).ToArray(), maxTokens: 2);

        while (prompt.GeneratedCount == 0) fixture.Engine.Step();

        Assert.AreNotEqual(SequenceState.Ended, busy.State);
    }

    [TestMethod]
    public void Step_StopSequenceInForcedText_EndsThere()
    {
        var decoder = new HistoryDecoder(1, 256, _vocabulary.VocabularySize);
        using var fixture = new EngineFixture(decoder, null, _vocabulary.End);
        var request = new GenerationRequest(new[] { 1 })
        {
            Options = new GenerationOptions { MaxTokens = 100, StopSequences = ["of_the"] },
            Constraint = JsonSchemaGrammar.Compile(Constraints.Json(LongNames), _vocabulary).CreateConstraint(),
        };
        var sequence = new GenerationSequence(request, new TokenSampler(request.Options, fixture.Engine.Workspace, [], 1), decoder.Capacity, fixture.Clock.Now) { Stops = new AnswerText(_vocabulary, ["of_the"]) };

        fixture.Engine.Submit(sequence);
        fixture.RunToEnd();

        Assert.AreEqual(FinishReason.StopSequence, sequence.FinishReason);
        StringAssert.EndsWith(_vocabulary.Decode(EngineFixture.Read(sequence)), "of_the");
    }

    private static (int[] Tokens, int Runs, int Forced) Run(string schema, bool jumpsAhead, GenerationOptions? options = null)
    {
        var decoder = new HistoryDecoder(1, 256, _vocabulary.VocabularySize, maxChunk: 16);
        using var fixture = new EngineFixture(decoder, new DecodingLimits { JumpsAhead = jumpsAhead, Speculates = false }, _vocabulary.End);
        var grammar = JsonSchemaGrammar.Compile(Constraints.Json(schema), _vocabulary);
        var sequence = fixture.Submit(new GenerationRequest(new[] { 1, 2, 3 }) { Options = options ?? new GenerationOptions { MaxTokens = 90 }, Constraint = grammar.CreateConstraint() });

        fixture.RunToEnd();

        Assert.AreEqual(FinishReason.EndToken, sequence.FinishReason);
        Assert.AreEqual(sequence.ForcedTokens, fixture.Engine.UsageOf(sequence).ForcedTokens);
        return (EngineFixture.Read(sequence), decoder.Runs.Count, sequence.ForcedTokens);
    }

    private static List<int[]> Answer(int seed, bool jumpsAhead, out int forced)
    {
        var random = new Random(seed);
        var decoder = new HistoryDecoder(1 + (seed % 4), 256, _vocabulary.VocabularySize, maxChunk: 5 + (seed % 20)) { IsRecording = false };
        using var fixture = new EngineFixture(decoder, new DecodingLimits { JumpsAhead = jumpsAhead, SharedChunk = 4, PrefixCacheBytes = 4000 }, _vocabulary.End);
        decoder.Running = (_, _, count) => fixture.Time.Advance(TimeSpan.FromMilliseconds(10 + count));
        var sequences = new List<GenerationSequence>();
        for (var i = 0; i < 4; i++)
        {
            var constraint = random.Next(5) == 0 ? null : JsonSchemaGrammar.Compile(Constraints.Json(new RandomSchema(random.Next()).Schema.ToJsonString()), _vocabulary, new JsonGrammarOptions { MaxDepth = 8 }).CreateConstraint();
            var options = new GenerationOptions { MaxTokens = Math.Min(150, (constraint?.TokensToEnd ?? 1) + random.Next(60)), Temperature = random.Next(2), Seed = seed, RepetitionPenalty = random.Next(2) == 0 ? 1 : 1.1f };
            if (constraint?.TokensToEnd > options.MaxTokens) constraint = null;
            sequences.Add(fixture.Submit(new GenerationRequest(Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(10)).ToArray()) { Options = options, Constraint = constraint }));
            for (var steps = random.Next(20); steps > 0; steps--) fixture.Engine.Step();
        }

        fixture.RunToEnd();
        forced = sequences.Sum(sequence => sequence.ForcedTokens);
        foreach (var sequence in sequences)
        {
            if (sequence.Lookahead is not null) Assert.AreEqual(FinishReason.EndToken, sequence.FinishReason);
        }

        return [.. sequences.Select(EngineFixture.Read)];
    }
}
