using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary>A tokenizer's vocabulary as masks need it; made once for a tokenizer. Immutable and thread-safe.</summary>
internal sealed class TokenVocabulary
{
    /// <summary>Longer plain tokens, runs of spaces for the most part, are walked like others.</summary>
    public const int LongestPlain = 32;

    private static readonly ConditionalWeakTable<ITokenizer, TokenVocabulary> _known = [];

    private readonly ulong[][] _plain;

    private TokenVocabulary(ITokenizer tokenizer)
    {
        Size = tokenizer.VocabularySize;
        EndTokens = [.. tokenizer.EndTokens.Where(token => token >= 0)];
        var ends = EndTokens.ToHashSet();
        Bytes = new byte[Size][];
        _plain = new ulong[LongestPlain + 1][];
        for (var length = 0; length < _plain.Length; length++) _plain[length] = new ulong[Words];
        Available = new bool[256];
        var all = new List<int>();
        var others = new List<int>();
        for (var token = 0; token < Size; token++)
        {
            Bytes[token] = ends.Contains(token) || tokenizer.IsSpecial(token) ? [] : tokenizer.GetBytes(token).ToArray();

            // No token of a sane vocabulary is as long; one that is cannot be chosen.
            if (Bytes[token].Length > ushort.MaxValue) Bytes[token] = [];
            if (Bytes[token].Length == 0) continue;
            if (Bytes[token].Length == 1) Available[Bytes[token][0]] = true;
            all.Add(token);
            if (PlainText.Count(Bytes[token]) is var length and > 0 and <= LongestPlain)
            {
                for (var most = length; most < _plain.Length; most++) _plain[most][token >> 6] |= 1UL << token;
            }
            else
            {
                others.Add(token);
            }
        }

        Tokens = Trie(all);
        Others = Trie(others);
    }

    public int Size { get; }

    /// <summary>Elements of a mask.</summary>
    public int Words => (Size + 63) / 64;

    public int[] EndTokens { get; }

    /// <summary>Empty for tokens that stand for no text.</summary>
    public byte[][] Bytes { get; }

    /// <summary>Whether there is a token of just this byte.</summary>
    public bool[] Available { get; }

    public VocabularyTrie Tokens { get; }

    /// <summary>Those that <see cref="Plain"/> never marks.</summary>
    public VocabularyTrie Others { get; }

    public static TokenVocabulary For(ITokenizer tokenizer) => _known.GetValue(tokenizer, static key => new TokenVocabulary(key));

    /// <summary>Marks the tokens of plain text with so many characters at most.</summary>
    public ReadOnlySpan<ulong> Plain(int characters) => _plain[Math.Clamp(characters, 0, LongestPlain)];

    private VocabularyTrie Trie(List<int> tokens)
    {
        tokens.Sort((a, b) => Bytes[a].AsSpan().SequenceCompareTo(Bytes[b]) is var order and not 0 ? order : a.CompareTo(b));
        return new VocabularyTrie(tokens.ToArray(), token => Bytes[token]);
    }
}
