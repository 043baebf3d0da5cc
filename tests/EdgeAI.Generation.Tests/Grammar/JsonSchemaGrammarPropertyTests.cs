using System.Text;
using static EdgeAI.Generation.Tests.Grammar.Constraints;

namespace EdgeAI.Generation.Tests.Grammar;

[TestClass]
public sealed class JsonSchemaGrammarPropertyTests
{
    private const int Schemas = 1000;

    private static readonly TestVocabulary[] _vocabularies = [TestVocabulary.Bytes(), TestVocabulary.Random(1, 300), TestVocabulary.Random(2, 2000)];

    [TestMethod]
    public void RandomSchemas_RandomAnswers_FitAnIndependentValidator()
    {
        for (var seed = 0; seed < Schemas; seed++)
        {
            var schema = Json(new RandomSchema(seed).Schema.ToJsonString());
            var vocabulary = _vocabularies[seed % _vocabularies.Length];
            var grammar = JsonSchemaGrammar.Compile(schema, vocabulary, new JsonGrammarOptions { MaxDepth = 16 });
            for (var answer = 0; answer < 3; answer++)
            {
                var text = Encoding.UTF8.GetString(new RandomModel(seed + answer * Schemas, patience: 20 + 40 * answer).Answer(grammar.CreateConstraint(), vocabulary));
                Assert.IsTrue(new PlainValidator(schema).IsValid(schema, Json(text)), $"seed {seed}: {text} does not fit {schema}");
            }
        }
    }

    [TestMethod]
    public void RandomSchemas_ValidValues_AreAcceptedHoweverTokenized()
    {
        for (var seed = 0; seed < Schemas; seed++)
        {
            var random = new RandomSchema(seed);
            var schema = Json(random.Schema.ToJsonString());
            var vocabulary = _vocabularies[seed % _vocabularies.Length];
            var grammar = JsonSchemaGrammar.Compile(schema, vocabulary);
            for (var value = 0; value < 3; value++)
            {
                var text = random.Value();
                Assert.IsTrue(new PlainValidator(schema).IsValid(schema, Json(text)), $"The test is wrong: seed {seed}: {text} does not fit {schema}");
                AssertEveryTokenization(grammar.CreateConstraint(), vocabulary, Encoding.UTF8.GetBytes(text), new Random(seed), $"seed {seed}: {text} fits {schema}");
            }
        }
    }

    [TestMethod]
    public void RandomSchemas_Mask_MarksWhatIsAccepted()
    {
        var vocabulary = TestVocabulary.Random(7, 700);
        for (var seed = 0; seed < 150; seed++)
        {
            var schema = Json(new RandomSchema(seed).Schema.ToJsonString());
            var grammar = JsonSchemaGrammar.Compile(schema, vocabulary, new JsonGrammarOptions { MaxDepth = 5 });
            var tokens = new List<int>();
            new RandomModel(seed, patience: 30).Answer(grammar.CreateConstraint(), vocabulary, tokens);
            var random = new Random(seed);
            for (var probe = 0; probe < 3; probe++)
            {
                var history = tokens[..random.Next(tokens.Count + 1)];
                var mask = Allowed(Replay(grammar, history), vocabulary);
                var constraint = Replay(grammar, history);
                for (var token = 0; token < vocabulary.VocabularySize; token++)
                {
                    var isAccepted = constraint.TryAccept(token);
                    Assert.AreEqual(isAccepted, Has(mask, token), $"seed {seed}: token {token} after {vocabulary.Decode(history.ToArray())} of {schema}");
                    if (isAccepted) constraint = Replay(grammar, history);
                }
            }
        }
    }

    [TestMethod]
    public void OneGrammar_ManyThreads_AnswerAsOne()
    {
        var vocabulary = _vocabularies[2];
        var any = Json("""{"type":"object","properties":{"a":{"type":"array","items":true},"b":{"type":"string","maxLength":9}},"required":["a","b"]}""");
        var expected = Answers(JsonSchemaGrammar.Compile(any, vocabulary)).ToArray();

        for (var round = 0; round < 5; round++) CollectionAssert.AreEqual(expected, Answers(JsonSchemaGrammar.Compile(any, vocabulary)).ToArray());

        ParallelQuery<string> Answers(JsonSchemaGrammar grammar) => ParallelEnumerable.Range(0, 40).AsOrdered().WithDegreeOfParallelism(8)
            .Select(seed => Encoding.UTF8.GetString(new RandomModel(seed).Answer(grammar.CreateConstraint(), vocabulary)));
    }

    [TestMethod]
    public void PublishedVocabulary_RandomSchemas_BothWays()
    {
        var tokenizer = TokenizerFiles.TryLoad(Vocabularies.Require("qwen3"))!;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new RandomSchema(seed);
            var schema = Json(random.Schema.ToJsonString());
            var grammar = JsonSchemaGrammar.Compile(schema, tokenizer, new JsonGrammarOptions { MaxDepth = 8 });
            var constraint = grammar.CreateConstraint();
            var text = random.Value();
            foreach (var token in tokenizer.Encode(text, addSpecialTokens: false, parseSpecialTokens: false))
            {
                Assert.IsTrue(Has(Allowed(constraint, tokenizer), token), $"seed {seed}: token {token} of {text} in {schema}");
                Assert.IsTrue(constraint.TryAccept(token));
            }

            Assert.IsTrue(constraint.TryAccept(tokenizer.EndTokens[0]), $"seed {seed}: the end of {text} in {schema}");
            var answer = Encoding.UTF8.GetString(new RandomModel(seed).Answer(grammar.CreateConstraint(), tokenizer));
            Assert.IsTrue(new PlainValidator(schema).IsValid(schema, Json(answer)), $"seed {seed}: {answer} does not fit {schema}");
        }
    }

    private static ITokenConstraint Replay(JsonSchemaGrammar grammar, List<int> tokens)
    {
        var constraint = grammar.CreateConstraint();
        foreach (var token in tokens) Assert.IsTrue(constraint.TryAccept(token));
        return constraint;
    }

    /// <summary>At each place every token that the text goes on with must be marked; one of them is taken.</summary>
    private static void AssertEveryTokenization(ITokenConstraint constraint, TestVocabulary vocabulary, byte[] text, Random random, string message)
    {
        for (var position = 0; position < text.Length;)
        {
            var mask = Allowed(constraint, vocabulary);
            var fitting = new List<int>();
            for (var token = 0; token < vocabulary.End; token++)
            {
                if (text.AsSpan(position).StartsWith(vocabulary.GetBytes(token))) fitting.Add(token);
            }

            foreach (var token in fitting) Assert.IsTrue(Has(mask, token), $"{message}; token {token} at {position}");
            var chosen = fitting[random.Next(fitting.Count)];
            Assert.IsTrue(constraint.TryAccept(chosen));
            position += vocabulary.GetBytes(chosen).Length;
        }

        Assert.IsTrue(Has(Allowed(constraint, vocabulary), vocabulary.End), message);
        Assert.IsTrue(constraint.TryAccept(vocabulary.End));
        Assert.IsTrue(constraint.IsComplete);
    }
}
