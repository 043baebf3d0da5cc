namespace EdgeAI.Generation;

/// <summary>Writes spaces as a visible character and begins parts with it, as SentencePiece does.</summary>
internal sealed class MetaspacePreTokenizer(string replacement, PrependScheme prepends, bool splits) : IPreTokenizer
{
    public void Split(PreToken part, List<PreToken> output)
    {
        var text = part.Text.Replace(" ", replacement, StringComparison.Ordinal);
        var mayPrepend = prepends == PrependScheme.Always || (prepends == PrependScheme.First && part.IsFirst);
        if (mayPrepend && !text.StartsWith(replacement, StringComparison.Ordinal)) text = replacement + text;
        var marked = part with { Text = text };
        if (splits) Splitter.Split(marked, Places(text), SplitBehavior.MergedWithNext, inverts: false, output);
        else output.Add(marked);
    }

    private List<Range> Places(string text)
    {
        var places = new List<Range>();
        for (var at = text.IndexOf(replacement, StringComparison.Ordinal); at >= 0; at = text.IndexOf(replacement, at + replacement.Length, StringComparison.Ordinal))
        {
            places.Add(at..(at + replacement.Length));
        }

        return places;
    }
}
