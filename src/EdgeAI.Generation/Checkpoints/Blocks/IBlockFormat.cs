namespace EdgeAI.Generation;

/// <summary>A block format: the loop over blocks is written once, in <see cref="WeightDecoding"/>.</summary>
internal interface IBlockFormat
{
    /// <summary>How it is called in a weight.</summary>
    static abstract WeightFormat Format { get; }

    /// <summary>Decodes one block.</summary>
    /// <param name="block">Its bytes, exactly.</param>
    /// <param name="destination">Receives its values, exactly.</param>
    static abstract void Decode(ReadOnlySpan<byte> block, Span<float> destination);
}
