namespace EdgeAI.Generation;

/// <summary>Lowercases each character by itself, so a final sigma is like any other.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    // The capital I with a dot is the one character that becomes two.
    public string Normalize(string text) => text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();
}
