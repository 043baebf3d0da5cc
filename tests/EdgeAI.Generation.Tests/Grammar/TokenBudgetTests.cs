using System.Text;
using static EdgeAI.Generation.Tests.Grammar.Constraints;

namespace EdgeAI.Generation.Tests.Grammar;

/// <summary>Answers that come to their end within a number of tokens.</summary>
[TestClass]
public sealed class TokenBudgetTests
{
    private static readonly TestVocabulary[] _vocabularies = [TestVocabulary.Bytes(), TestVocabulary.Random(1, 300), TestVocabulary.Random(2, 2000)];

    [TestMethod]
    [DataRow("""{"type":"null"}""", 4)]
    [DataRow("""{"type":"integer"}""", 1)]
    [DataRow("""{"type":"string"}""", 2)]
    [DataRow("""{"type":"string","minLength":7}""", 9)]
    [DataRow("""{"type":"string","pattern":"^a{3}$"}""", 5)]
    [DataRow("""{"type":"array","minItems":2,"items":{"type":"array"}}""", 7)]
    [DataRow("""{"properties":{"name":{"type":"integer"}},"required":["name"]}""", 10)]
    [DataRow("""{"properties":{"name":{"type":"string"},"x":{}},"required":["x"]}""", 7)]
    [DataRow("""{"enum":["abc","ab",false]}""", 4)]
    [DataRow("""{"$ref":"#/$defs/n","$defs":{"n":{"properties":{"n":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"null"}]}},"required":["n"]}}}""", 10)]
    public void TokensToEnd_SingleBytes_IsTheLengthOfTheShortestAnswer(string schema, int expected) =>
        Assert.AreEqual(expected, JsonSchemaGrammar.Compile(Json(schema), TestVocabulary.Bytes()).CreateConstraint().TokensToEnd);

    [TestMethod]
    public void TokensToEnd_LongerTokens_AreCounted()
    {
        var vocabulary = new TestVocabulary(Enumerable.Range(0, 256).Select(value => new[] { (byte)value }).Append("{\"na"u8.ToArray()).Append("me\""u8.ToArray()));
        var constraint = JsonSchemaGrammar.Compile(Json("""{"properties":{"name":{"type":"integer"}},"required":["name"]}"""), vocabulary).CreateConstraint();

        Assert.AreEqual(5, constraint.TokensToEnd);
        foreach (var token in (int[])[256, 257, ':', '-']) Assert.IsTrue(constraint.TryAccept(token));
        Assert.AreEqual(2, constraint.TokensToEnd);
        Assert.IsTrue(constraint.TryAccept('1'));
        Assert.IsTrue(constraint.TryAccept('}'));
        Assert.AreEqual(0, constraint.TokensToEnd);
    }

    /// <summary>The shortest way would open a container more than are allowed.</summary>
    [TestMethod]
    public void TokensToEnd_NearTheGreatestDepth_TakesAnotherWay()
    {
        const string schema = """{"type":"array","minItems":1,"items":{"anyOf":[{"type":"array","maxItems":0},{"type":"null"}]}}""";

        Assert.AreEqual(4, JsonSchemaGrammar.Compile(Json(schema), TestVocabulary.Bytes(), new JsonGrammarOptions { MaxDepth = 2 }).CreateConstraint().TokensToEnd);
        Assert.AreEqual(6, JsonSchemaGrammar.Compile(Json(schema), TestVocabulary.Bytes(), new JsonGrammarOptions { MaxDepth = 1 }).CreateConstraint().TokensToEnd);
    }

    [TestMethod]
    public void RandomSchemas_AnyAllowedTokens_AreCompleteInTime()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var schema = Json(new RandomSchema(seed).Schema.ToJsonString());
            var vocabulary = _vocabularies[seed % _vocabularies.Length];
            var constraint = JsonSchemaGrammar.Compile(schema, vocabulary, new JsonGrammarOptions { MaxDepth = 3 + (seed % 8) }).CreateConstraint();
            var mask = new ulong[(vocabulary.VocabularySize + 63) / 64];
            var text = new List<byte>();
            var left = constraint.TokensToEnd + random.Next(2) * random.Next(40);
            while (!constraint.IsComplete)
            {
                Assert.IsLessThanOrEqualTo(left, constraint.TokensToEnd, $"seed {seed}");
                constraint.FillAllowed(mask, left);
                var choices = Enumerable.Range(0, vocabulary.End).Where(token => Has(mask, token)).ToArray();
                Assert.AreEqual(constraint.TokensToEnd == 0, Has(mask, vocabulary.End));
                if (choices.Length == 0)
                {
                    Assert.AreEqual(0, left, $"seed {seed}: no token after {Encoding.UTF8.GetString([.. text])} of {schema}");
                    break;
                }

                var chosen = choices[random.Next(choices.Length)];
                Assert.IsTrue(constraint.TryAccept(chosen));
                text.AddRange(vocabulary.GetBytes(chosen));
                left--;
            }

            Assert.AreEqual(0, constraint.TokensToEnd);
            Assert.IsTrue(new PlainValidator(schema).IsValid(schema, Json(Encoding.UTF8.GetString([.. text]))), $"seed {seed}: {Encoding.UTF8.GetString([.. text])} does not fit {schema}");
        }
    }

    /// <summary>Masks are put together from cached parts; what a token leaves to be done can be asked afterwards too.</summary>
    [TestMethod]
    public void RandomSchemas_Mask_HasExactlyTheTokensThatLeaveEnough()
    {
        var vocabulary = TestVocabulary.Random(7, 700);
        for (var seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            var schema = Json(new RandomSchema(seed).Schema.ToJsonString());
            var grammar = JsonSchemaGrammar.Compile(schema, vocabulary, new JsonGrammarOptions { MaxDepth = 3 + (seed % 6) });
            var tokens = new List<int>();
            new RandomModel(seed, patience: 30).Answer(grammar.CreateConstraint(), vocabulary, tokens);
            for (var probe = 0; probe < 3; probe++)
            {
                var history = tokens[..random.Next(tokens.Count + 1)];
                var constraint = Replay(grammar, history);
                if (constraint.IsComplete) continue;
                var all = Allowed(constraint, vocabulary);
                var needs = new Dictionary<int, int>();
                for (var token = 0; token < vocabulary.End; token++)
                {
                    if (!Has(all, token)) continue;
                    var after = Replay(grammar, history);
                    Assert.IsTrue(after.TryAccept(token));
                    needs[token] = after.TokensToEnd;
                }

                var forced = new int[1];
                for (var left = constraint.TokensToEnd; left < constraint.TokensToEnd + 12; left++)
                {
                    var mask = new ulong[all.Length];
                    constraint.FillAllowed(mask, left);
                    var isForced = constraint.FillForced(forced, left) > 0;
                    for (var token = 0; token < vocabulary.End; token++)
                    {
                        var expected = isForced ? token == forced[0] : needs.TryGetValue(token, out var need) && need < left;
                        Assert.AreEqual(expected, Has(mask, token), $"seed {seed}: token {token} with {left} left after {vocabulary.Decode([.. history])} of {schema}");
                    }
                }
            }
        }
    }

    /// <summary>One text only can follow: all answers of the grammar go on with it, and one token after the other says the same.</summary>
    [TestMethod]
    public void RandomSchemas_ForcedTokens_AreThoseOfSingleSteps()
    {
        var forcedTokens = 0;
        var tokens = new int[64];
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var vocabulary = _vocabularies[seed % _vocabularies.Length];
            var grammar = JsonSchemaGrammar.Compile(Json(new RandomSchema(seed).Schema.ToJsonString()), vocabulary, new JsonGrammarOptions { MaxDepth = 8 });
            var (constraint, single) = (grammar.CreateConstraint(), grammar.CreateConstraint());
            var mask = new ulong[(vocabulary.VocabularySize + 63) / 64];
            var left = constraint.TokensToEnd + random.Next(60);
            while (!constraint.IsComplete && left > 0)
            {
                var count = constraint.FillForced(tokens, left);
                forcedTokens += count;
                for (var i = 0; i < count; i++)
                {
                    single.FillAllowed(mask, left--);
                    Assert.AreEqual(1, mask.Sum(word => System.Numerics.BitOperations.PopCount(word)), $"seed {seed}");
                    Assert.IsTrue(Has(mask, tokens[i]), $"seed {seed}");
                    Assert.IsTrue(constraint.TryAccept(tokens[i]) && single.TryAccept(tokens[i]));
                }

                if (constraint.IsComplete || left == 0) break;
                constraint.FillAllowed(mask, left--);
                var choices = Enumerable.Range(0, vocabulary.End).Where(token => Has(mask, token)).ToArray();
                if (choices.Length == 0) break;
                var chosen = choices[random.Next(choices.Length)];
                Assert.IsTrue(constraint.TryAccept(chosen) && single.TryAccept(chosen));
            }
        }

        Assert.IsGreaterThan(1000, forcedTokens);
    }

    private static ILookaheadConstraint Replay(JsonSchemaGrammar grammar, List<int> tokens)
    {
        var constraint = grammar.CreateConstraint();
        foreach (var token in tokens) Assert.IsTrue(constraint.TryAccept(token));
        return constraint;
    }
}
