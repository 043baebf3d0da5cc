namespace EdgeAI.Generation;

/// <summary>Turns the visible character for spaces back; where encoding put one before the text it goes.</summary>
internal sealed class MetaspaceDecoder(string replacement, PrependScheme prepends) : ITokenDecoder
{
    public void Decode(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var isPrepended = i == 0 && prepends != PrependScheme.Never && tokens[0].StartsWith(replacement, StringComparison.Ordinal);
            tokens[i] = DecodeOne(isPrepended ? tokens[0][replacement.Length..] : tokens[i]);
        }
    }

    public string DecodeOne(string token) => token.Replace(replacement, " ", StringComparison.Ordinal);
}
