using System.Text;
using EdgeAI.Generation;

namespace EdgeAI.Benchmarks.Generation;

/// <summary>Tokens like those of a byte-level vocabulary, by kind and share: bytes, words with and without a space before, numbers, punctuation runs, pieces of other scripts.</summary>
internal sealed class SyntheticVocabulary : ITokenizer
{
    private readonly byte[][] _tokens;

    public SyntheticVocabulary(int size, int seed)
    {
        var random = new Random(seed);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var tokens = new List<byte[]>();
        for (var value = 0; value < 256; value++) Add([(byte)value]);
        for (var value = 0; value < 1000; value++) Add(Encoding.UTF8.GetBytes($"{value}"));
        for (var length = 2; length < 80; length++) Add(Encoding.UTF8.GetBytes(new string(' ', length)));
        while (tokens.Count < size - 1) Add(Next());
        _tokens = [.. tokens, []];

        void Add(byte[] token)
        {
            if (known.Add(Convert.ToHexString(token))) tokens.Add(token);
        }

        byte[] Next() => random.Next(100) switch
        {
            < 72 => Encoding.UTF8.GetBytes((random.Next(2) == 0 ? " " : "") + Word()),
            < 80 => Encoding.UTF8.GetBytes(Run("{}[]\",:;()\\/<>=.-_ \n\t")),
            < 84 => Encoding.UTF8.GetBytes(Word() + Run("\",:.)(_")),
            < 97 => Encoding.UTF8.GetBytes(Characters()),
            _ => Encoding.UTF8.GetBytes(Characters())[..^1],
        };

        string Word() => string.Concat(Enumerable.Range(0, 2 + (int)(10 * random.NextDouble() * random.NextDouble())).Select(_ => "etaoinshrdlucmfwypvbgkjqxz"[(int)(26 * random.NextDouble() * random.NextDouble())]));

        string Run(string of) => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => of[random.Next(of.Length)]));

        string Characters() => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => (char)(random.Next(3) switch { 0 => random.Next(0x4E00, 0x9FA5), 1 => random.Next(0x400, 0x4FF), _ => random.Next(0xC0, 0x17F) })));
    }

    public int VocabularySize => _tokens.Length;

    public int? BeginOfSequence => null;

    public IReadOnlyList<int> EndTokens => [_tokens.Length - 1];

    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true, bool parseSpecialTokens = true) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public string Decode(ReadOnlySpan<int> tokens, bool skipSpecialTokens = false)
    {
        var text = new List<byte>();
        foreach (var token in tokens) text.AddRange(_tokens[token]);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    public ReadOnlySpan<byte> GetBytes(int token) => _tokens[token];

    public bool IsSpecial(int token) => token == _tokens.Length - 1;
}
