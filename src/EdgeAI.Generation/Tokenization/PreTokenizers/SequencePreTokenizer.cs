namespace EdgeAI.Generation;

/// <summary>One pre-tokenizer after the other, each on what the one before left.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    public void Split(PreToken part, List<PreToken> output)
    {
        List<PreToken> parts = [part];
        foreach (var step in steps)
        {
            var split = new List<PreToken>(parts.Count);
            foreach (var one in parts) step.Split(one, split);
            parts = split;
        }

        output.AddRange(parts);
    }
}
