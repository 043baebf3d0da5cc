namespace EdgeAI.Generation;

/// <summary>NFC, NFD, NFKC and NFKD.</summary>
internal sealed class UnicodeFormNormalizer(bool composes, bool compatibility) : INormalizer
{
    public string Normalize(string text) => composes ? UnicodeForms.Compose(text, compatibility) : UnicodeForms.Decompose(text, compatibility);
}
