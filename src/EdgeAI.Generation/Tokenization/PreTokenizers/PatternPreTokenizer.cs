namespace EdgeAI.Generation;

/// <summary>Splits where a pattern says.</summary>
internal sealed class PatternPreTokenizer(TokenPattern pattern, SplitBehavior behavior, bool inverts) : IPreTokenizer
{
    public void Split(PreToken part, List<PreToken> output) => Splitter.Split(part, pattern.Find(part.Text), behavior, inverts, output);
}
