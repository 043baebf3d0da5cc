namespace EdgeAI.Generation;

/// <summary>Joins WordPiece's tokens: spaces between words, none before continuations. A clean-up of spaces around punctuation follows where the file asks for it.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleansUp) : ITokenDecoder
{
    public void Decode(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var isContinuation = tokens[i].StartsWith(prefix, StringComparison.Ordinal);
            if (i > 0) tokens[i] = isContinuation ? tokens[i][prefix.Length..] : " " + tokens[i];
            if (cleansUp) tokens[i] = CleanUp(tokens[i]);
        }
    }

    public string DecodeOne(string token)
    {
        var text = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        return cleansUp ? CleanUp(text) : text;
    }

    private static string CleanUp(string text) => text.Replace(" .", ".", StringComparison.Ordinal).Replace(" ?", "?", StringComparison.Ordinal).Replace(" !", "!", StringComparison.Ordinal)
        .Replace(" ,", ",", StringComparison.Ordinal).Replace(" ' ", "'", StringComparison.Ordinal).Replace(" n't", "n't", StringComparison.Ordinal).Replace(" 'm", "'m", StringComparison.Ordinal)
        .Replace(" do not", " don't", StringComparison.Ordinal).Replace(" 's", "'s", StringComparison.Ordinal).Replace(" 've", "'ve", StringComparison.Ordinal).Replace(" 're", "'re", StringComparison.Ordinal);
}
