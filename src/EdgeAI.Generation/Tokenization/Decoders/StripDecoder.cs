namespace EdgeAI.Generation;

/// <summary>Removes up to so many of a character at the ends of each token; after a fusion that is the text.</summary>
internal sealed class StripDecoder(string character, int atStart, int atEnd) : ITokenDecoder
{
    public void Decode(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++) tokens[i] = DecodeOne(tokens[i]);
    }

    public string DecodeOne(string token)
    {
        for (var i = 0; i < atStart && token.StartsWith(character, StringComparison.Ordinal); i++) token = token[character.Length..];
        for (var i = 0; i < atEnd && token.EndsWith(character, StringComparison.Ordinal); i++) token = token[..^character.Length];
        return token;
    }
}
