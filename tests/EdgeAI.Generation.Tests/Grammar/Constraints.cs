using System.Text;
using System.Text.Json;

namespace EdgeAI.Generation.Tests.Grammar;

/// <summary>Short ways to drive a constraint.</summary>
internal static class Constraints
{
    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static bool Has(ReadOnlySpan<ulong> mask, int token) => (mask[token >> 6] >> token & 1) != 0;

    public static ulong[] Allowed(ITokenConstraint constraint, ITokenizer vocabulary)
    {
        var mask = new ulong[(vocabulary.VocabularySize + 63) / 64];
        constraint.FillAllowed(mask);
        return mask;
    }

    /// <summary>Whether a schema accepts a text byte for byte, to its end.</summary>
    public static bool Accepts(string schema, string text)
    {
        var vocabulary = TestVocabulary.Bytes();
        return Accepts(JsonSchemaGrammar.Compile(Json(schema), vocabulary).CreateConstraint(), vocabulary, Encoding.UTF8.GetBytes(text));
    }

    public static bool Accepts(ITokenConstraint constraint, TestVocabulary vocabulary, ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            var isAllowed = Has(Allowed(constraint, vocabulary), value);
            Assert.AreEqual(isAllowed, constraint.TryAccept(value), "The mask and TryAccept disagree.");
            if (!isAllowed) return false;
        }

        return constraint.TryAccept(vocabulary.End);
    }

    public static void AssertAccepts(string schema, params IEnumerable<string> texts)
    {
        foreach (var text in texts) Assert.IsTrue(Accepts(schema, text), $"{text} must fit {schema}");
    }

    public static void AssertRejects(string schema, params IEnumerable<string> texts)
    {
        foreach (var text in texts) Assert.IsFalse(Accepts(schema, text), $"{text} must not fit {schema}");
    }

    /// <summary>Compiles a schema that is to be refused.</summary>
    public static GrammarException Refused(string schema) =>
        Assert.ThrowsExactly<GrammarException>(() => JsonSchemaGrammar.Compile(Json(schema), TestVocabulary.Bytes()));
}
