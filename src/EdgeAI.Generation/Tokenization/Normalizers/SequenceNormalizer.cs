namespace EdgeAI.Generation;

/// <summary>One normalizer after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> parts) : INormalizer
{
    public string Normalize(string text)
    {
        foreach (var part in parts) text = part.Normalize(text);
        return text;
    }
}
