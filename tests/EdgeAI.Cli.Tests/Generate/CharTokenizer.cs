using EdgeAI.Generation;

namespace EdgeAI.Cli.Tests.Generate;

/// <summary>A token for each character, and token 1 before them.</summary>
internal sealed class CharTokenizer : ITokenizer
{
    public int VocabularySize => 128;

    public int? BeginOfSequence => 1;

    public IReadOnlyList<int> EndTokens => [2];

    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true, bool parseSpecialTokens = true) => [.. addSpecialTokens ? [1] : Array.Empty<int>(), .. text.Select(character => (int)character)];

    public string Decode(ReadOnlySpan<int> tokens, bool skipSpecialTokens = false) => throw new NotSupportedException();

    public ReadOnlySpan<byte> GetBytes(int token) => throw new NotSupportedException();

    public bool IsSpecial(int token) => token == 1;
}
