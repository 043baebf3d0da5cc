using System.Text.Json;
using static EdgeAI.Generation.Tests.Grammar.Constraints;

namespace EdgeAI.Generation.Tests.Grammar;

/// <summary>A model that chooses any allowed token, and after a while those that end the answer.</summary>
internal sealed class RandomModel(int seed, int patience = 60)
{
    private readonly Random _random = new(seed);

    /// <summary>Generates an answer; every prefix of it must be the begin of some JSON text.</summary>
    public byte[] Answer(ITokenConstraint constraint, ITokenizer vocabulary, List<int>? tokens = null)
    {
        var text = new List<byte>();
        var mask = new ulong[(vocabulary.VocabularySize + 63) / 64];
        var end = vocabulary.EndTokens[0];
        for (var step = 0; step < 20_000; step++)
        {
            constraint.FillAllowed(mask);
            if (Has(mask, end) && (constraint.IsComplete || step > patience || _random.Next(3) == 0))
            {
                Assert.IsTrue(constraint.TryAccept(end));
                return [.. text];
            }

            Assert.IsFalse(constraint.IsComplete);
            var token = Choose(mask, vocabulary, hurry: step > patience);
            Assert.IsTrue(constraint.TryAccept(token), "A marked token must be accepted.");
            tokens?.Add(token);
            text.AddRange(vocabulary.GetBytes(token));
            if (_random.Next(8) == 0) AssertIsPrefix([.. text]);
        }

        throw new AssertFailedException("The answer did not end.");
    }

    private static void AssertIsPrefix(byte[] text)
    {
        var reader = new Utf8JsonReader(text, isFinalBlock: false, default);
        while (reader.Read())
        {
        }
    }

    private int Choose(ulong[] mask, ITokenizer vocabulary, bool hurry)
    {
        // The bytes that close come first where it hurries; else now and then.
        if (hurry || _random.Next(6) == 0)
        {
            foreach (var text in hurry ? new[] { "}", "]", "\"" } : ["\""])
            {
                var token = vocabulary.Encode(text, addSpecialTokens: false)[0];
                if (Has(mask, token)) return token;
            }
        }

        var count = mask.Sum(word => System.Numerics.BitOperations.PopCount(word)) - (Has(mask, vocabulary.EndTokens[0]) ? 1 : 0);
        Assert.IsGreaterThan(0, count, "There must always be a token.");
        var skip = _random.Next(count);
        for (var token = 0; token < vocabulary.VocabularySize; token++)
        {
            if (Has(mask, token) && token != vocabulary.EndTokens[0] && skip-- == 0) return token;
        }

        throw new AssertFailedException("No token.");
    }
}
