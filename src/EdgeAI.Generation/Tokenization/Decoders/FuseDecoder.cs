namespace EdgeAI.Generation;

/// <summary>Makes one text of the tokens, so that later steps see it whole.</summary>
internal sealed class FuseDecoder : ITokenDecoder
{
    public void Decode(List<string> tokens)
    {
        var whole = string.Concat(tokens);
        tokens.Clear();
        tokens.Add(whole);
    }
}
