namespace EdgeAI.Generation;

/// <summary>
/// The merges that a SentencePiece vocabulary of pieces and scores stands for: each way to make a piece of two others, those of the highest score first.
/// Ordered as in the published <c>tokenizer.json</c> of Llama 2 and Mistral: of one piece, by the ids of its parts.
/// </summary>
internal static class SentencePieceMerges
{
    // The longest known pieces are runs of some 30 spaces.
    private const int MaxPieceLength = 256;

    /// <summary>Derives the merges.</summary>
    /// <param name="vocabulary">The pieces.</param>
    /// <returns>Ids of left and right pieces, in the order of merging.</returns>
    public static IReadOnlyList<(int Left, int Right)> Derive(GgufVocabulary vocabulary)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < vocabulary.Texts.Length; id++)
        {
            if (vocabulary.Kinds[id] is GgufTokenKind.Normal or GgufTokenKind.UserDefined && vocabulary.Texts[id].Length is > 0 and <= MaxPieceLength) ids.TryAdd(vocabulary.Texts[id], id);
        }

        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<Merge>();
        foreach (var (text, id) in ids)
        {
            for (var split = 1; split < text.Length; split++)
            {
                if (!lookup.TryGetValue(text.AsSpan(0, split), out var left) || !lookup.TryGetValue(text.AsSpan(split), out var right)) continue;
                merges.Add(new(vocabulary.Scores[id], id, left, right));
            }
        }

        merges.Sort();
        return [.. merges.Select(merge => (merge.Left, merge.Right))];
    }

    private readonly record struct Merge(double Score, int Id, int Left, int Right) : IComparable<Merge>
    {
        public int CompareTo(Merge other)
        {
            var byScore = other.Score.CompareTo(Score);
            return byScore != 0 ? byScore : (Id, Left, Right).CompareTo((other.Id, other.Left, other.Right));
        }
    }
}
