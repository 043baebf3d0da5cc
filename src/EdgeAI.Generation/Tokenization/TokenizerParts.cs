namespace EdgeAI.Generation;

/// <summary>What a tokenizer is put together from.</summary>
internal sealed record TokenizerParts(
    IReadOnlyList<AddedToken> AddedTokens,
    INormalizer? Normalizer,
    IPreTokenizer? PreTokenizer,
    ITokenModel Model,
    SpecialFrame Frame,
    SequenceDecoder Decoder)
{
    public int? BeginOfSequence { get; init; }

    public IReadOnlyList<int> EndTokens { get; init; } = [];
}
