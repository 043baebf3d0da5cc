namespace EdgeAI.Generation;

/// <summary>Replaces within each token, as a normalizer does.</summary>
internal sealed class ReplaceDecoder(INormalizer replacement) : ITokenDecoder
{
    public void Decode(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++) tokens[i] = DecodeOne(tokens[i]);
    }

    public string DecodeOne(string token) => replacement.Normalize(token);
}
