using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>
/// The unigram language model (Kudo 2018): the most probable way to cut a part, by Viterbi's algorithm, in time linear in the text and the longest token.
/// A character that no token covers costs ten more than the least probable token.
/// </summary>
internal sealed class UnigramModel : ITokenModel
{
    private const double UnknownPenalty = 10;

    private readonly Vocabulary _vocabulary;
    private readonly double[] _scores;
    private readonly TokenTrie _trie = new();
    private readonly int? _unknown;
    private readonly int[]? _bytes;
    private readonly double _unknownScore;

    public UnigramModel(IReadOnlyList<(string Token, double Score)> tokens, int? unknown, bool fallsBackToBytes)
    {
        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        _scores = new double[tokens.Count];
        for (var id = 0; id < tokens.Count; id++)
        {
            ids[tokens[id].Token] = id;
            _scores[id] = tokens[id].Score;
            if (tokens[id].Token.Length > 0) _trie.Add(tokens[id].Token, id);
        }

        _vocabulary = new Vocabulary(ids);
        Tokens = [.. tokens.Select(token => token.Token)];
        _unknown = unknown;
        _bytes = fallsBackToBytes ? _vocabulary.ByteIds() : null;
        _unknownScore = (tokens.Count == 0 ? 0 : _scores.Min()) - UnknownPenalty;
    }

    public IReadOnlyList<string?> Tokens { get; }

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _vocabulary.TryGetId(token, out id);

    public void Encode(string part, List<int> output)
    {
        var best = new (double Score, int Start, int Id)[part.Length + 1];
        for (var i = 1; i < best.Length; i++) best[i].Start = -1;
        for (var start = 0; start < part.Length;)
        {
            var length = char.IsHighSurrogate(part[start]) && start + 1 < part.Length ? 2 : 1;
            Extend(part, start, length, best);
            start += length;
        }

        var cuts = new List<(int Start, int End, int Id)>();
        for (var end = part.Length; end > 0; end = best[end].Start) cuts.Add((best[end].Start, end, best[end].Id));
        cuts.Reverse();
        Add(part, CollectionsMarshal.AsSpan(cuts), output);
    }

    private void Extend(string part, int start, int characterLength, (double Score, int Start, int Id)[] best)
    {
        var isCovered = false;
        var node = TokenTrie.Root;
        for (var end = start; end < part.Length && _trie.TryStep(node, part[end], out node);)
        {
            end++;
            var id = _trie.IdAt(node);
            if (id < 0) continue;
            Improve(ref best[end], best[start].Score + _scores[id], start, id);
            isCovered |= end - start == characterLength;
        }

        if (!isCovered) Improve(ref best[start + characterLength], best[start].Score + _unknownScore, start, -1);
    }

    private static void Improve(ref (double Score, int Start, int Id) place, double score, int start, int id)
    {
        if (place.Start < 0 || score > place.Score) place = (score, start, id);
    }

    // Unknown neighbours become one token, or the bytes of all of them.
    private void Add(string part, ReadOnlySpan<(int Start, int End, int Id)> cuts, List<int> output)
    {
        for (var i = 0; i < cuts.Length; i++)
        {
            if (cuts[i].Id >= 0)
            {
                output.Add(cuts[i].Id);
                continue;
            }

            var start = cuts[i].Start;
            while (i + 1 < cuts.Length && cuts[i + 1].Id < 0) i++;
            AddUnknown(part.AsSpan(start, cuts[i].End - start), output);
        }
    }

    private void AddUnknown(ReadOnlySpan<char> text, List<int> output)
    {
        if (_bytes is not null)
        {
            foreach (var value in Encoding.UTF8.GetBytes(text.ToArray())) output.Add(_bytes[value]);
        }
        else if (_unknown is { } unknown)
        {
            output.Add(unknown);
        }
        else
        {
            throw new InvalidInputException([$"The text holds '{text}', which the tokenizer's vocabulary lacks, and it has no token for the unknown."]);
        }
    }
}
