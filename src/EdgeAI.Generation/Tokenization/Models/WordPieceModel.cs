namespace EdgeAI.Generation;

/// <summary>WordPiece (Wu et al. 2016), as BERT uses it: the longest token that a word begins with, then the longest that continues it; a word that cannot be cut so is unknown.</summary>
internal sealed class WordPieceModel(Vocabulary vocabulary, int unknown, string continuingPrefix, int longestWord) : ITokenModel
{
    public IReadOnlyList<string?> Tokens => vocabulary.Tokens;

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => vocabulary.TryGetId(token, out id);

    public void Encode(string part, List<int> output)
    {
        var first = output.Count;
        if (part.EnumerateRunes().Count() <= longestWord && TryCut(part, output)) return;
        output.RemoveRange(first, output.Count - first);
        output.Add(unknown);
    }

    private bool TryCut(string part, List<int> output)
    {
        for (var start = 0; start < part.Length;)
        {
            var end = part.Length;
            int id;
            while (!vocabulary.TryGetId(string.Concat(start == 0 ? "" : continuingPrefix, part.AsSpan(start, end - start)), out id))
            {
                if (--end == start) return false;
            }

            output.Add(id);
            start = end;
        }

        return true;
    }
}
