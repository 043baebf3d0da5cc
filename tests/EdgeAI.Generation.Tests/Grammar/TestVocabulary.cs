using System.Text;

namespace EdgeAI.Generation.Tests.Grammar;

/// <summary>A tokenizer that is nothing but a list of byte sequences; the last token is the end.</summary>
internal sealed class TestVocabulary : ITokenizer
{
    private readonly byte[][] _tokens;

    public TestVocabulary(IEnumerable<byte[]> tokens)
    {
        _tokens = [.. tokens, []];
    }

    public int VocabularySize => _tokens.Length;

    public int End => _tokens.Length - 1;

    public int? BeginOfSequence => null;

    public IReadOnlyList<int> EndTokens => [End];

    /// <summary>A token for each byte.</summary>
    public static TestVocabulary Bytes() => new(AllBytes());

    /// <summary>Bytes, and random sequences of what JSON is made of, cut anywhere: also inside characters.</summary>
    public static TestVocabulary Random(int seed, int size)
    {
        var random = new Random(seed);
        string[] pieces = ["{", "}", "[", "]", "\"", ":", ",", " ", "\\", "\\u00", "d83d", "\\ude00", "true", "null", "false", "a", "ab", "b", "é", "漢", "😀", "0", "1", "12", "-", ".5", "e1", "name", "\n", "x y", "2024-", "-01"];
        return new(AllBytes().Concat(Enumerable.Range(0, size).Select(_ =>
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => pieces[random.Next(pieces.Length)])));
            var begin = random.Next(Math.Min(3, text.Length));
            return text[begin..random.Next(begin + 1, text.Length + 1)];
        })));
    }

    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true, bool parseSpecialTokens = true) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public string Decode(ReadOnlySpan<int> tokens, bool skipSpecialTokens = false)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens) bytes.AddRange(_tokens[token]);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public ReadOnlySpan<byte> GetBytes(int token) => _tokens[token];

    public bool IsSpecial(int token) => token == End;

    private static IEnumerable<byte[]> AllBytes() => Enumerable.Range(0, 256).Select(value => new[] { (byte)value });
}
