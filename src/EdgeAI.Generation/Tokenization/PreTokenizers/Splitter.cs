namespace EdgeAI.Generation;

/// <summary>Cuts a text at delimiters.</summary>
internal static class Splitter
{
    /// <summary>Adds the parts that are not empty.</summary>
    /// <param name="part">The text.</param>
    /// <param name="delimiters">In order, without overlap.</param>
    /// <param name="behavior">What becomes of the delimiters.</param>
    /// <param name="inverts">Whether what lies between the delimiters takes their role.</param>
    /// <param name="output">Receives the parts.</param>
    public static void Split(PreToken part, List<Range> delimiters, SplitBehavior behavior, bool inverts, List<PreToken> output)
    {
        var pieces = Cut(part.Text.Length, delimiters, inverts);
        var pending = default((int Start, int End, bool IsDelimiter)?);
        foreach (var piece in pieces)
        {
            if (piece.IsDelimiter && behavior == SplitBehavior.Removed) continue;
            if (pending is not { } last)
            {
                pending = piece;
            }
            else if (Joins(last.IsDelimiter, piece.IsDelimiter, behavior))
            {
                pending = (last.Start, piece.End, piece.IsDelimiter);
            }
            else
            {
                Add(part, last, output);
                pending = piece;
            }
        }

        if (pending is { } final) Add(part, final, output);
    }

    private static bool Joins(bool wasDelimiter, bool isDelimiter, SplitBehavior behavior) => behavior switch
    {
        SplitBehavior.MergedWithPrevious => !wasDelimiter && isDelimiter,
        SplitBehavior.MergedWithNext => wasDelimiter && !isDelimiter,
        SplitBehavior.Contiguous => wasDelimiter && isDelimiter,
        _ => false,
    };

    private static List<(int Start, int End, bool IsDelimiter)> Cut(int length, List<Range> delimiters, bool inverts)
    {
        var pieces = new List<(int, int, bool)>((delimiters.Count * 2) + 1);
        var end = 0;
        foreach (var delimiter in delimiters)
        {
            if (delimiter.Start.Value > end) pieces.Add((end, delimiter.Start.Value, inverts));
            if (delimiter.End.Value > delimiter.Start.Value) pieces.Add((delimiter.Start.Value, delimiter.End.Value, !inverts));
            end = delimiter.End.Value;
        }

        if (end < length) pieces.Add((end, length, inverts));
        return pieces;
    }

    private static void Add(PreToken part, (int Start, int End, bool IsDelimiter) piece, List<PreToken> output) =>
        output.Add(new PreToken(piece.End - piece.Start == part.Text.Length ? part.Text : part.Text[piece.Start..piece.End], part.IsFirst && piece.Start == 0));
}
