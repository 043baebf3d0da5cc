namespace EdgeAI.Generation;

/// <summary>What <c>tokenizer.ggml.token_type</c> says of a token.</summary>
internal static class GgufTokenKind
{
    public const long Normal = 1;
    public const long Unknown = 2;
    public const long Control = 3;
    public const long UserDefined = 4;
    public const long Unused = 5;
    public const long Byte = 6;
}
