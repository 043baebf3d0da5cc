namespace EdgeAI.Generation;

/// <summary>
/// How MatMulNBits stores a weight of [N, K]: each row in blocks of <see cref="BlockSize"/> codes with one scale, and one zero point unless symmetric;
/// weight = (code - zero point) * scale. K is padded to whole blocks with codes that mean 0.
/// See ONNX Runtime's ContribOperators.md, com.microsoft.MatMulNBits.
/// </summary>
/// <param name="Bits">4 or 8 a code. Codes are packed from the low bits up.</param>
/// <param name="BlockSize">16, 32, 64, 128 or 256 codes.</param>
/// <param name="IsSymmetric">No zero points are stored: each is half the number of codes (8 or 128).</param>
internal readonly record struct BlockFormat(int Bits, int BlockSize, bool IsSymmetric)
{
    /// <summary>The largest <see cref="BlockSize"/>.</summary>
    public const int MaxBlockSize = 256;

    /// <summary>The code of 0 where no zero points are stored.</summary>
    public int DefaultZeroPoint => 1 << (Bits - 1);

    /// <summary>The largest code.</summary>
    public int MaxCode => (1 << Bits) - 1;

    /// <summary>Bytes of the codes of one block.</summary>
    public int BytesPerBlock => BlockSize * Bits / 8;

    /// <summary>Blocks of a row, the last one padded.</summary>
    public int BlocksPerRow(int columns) => (columns + BlockSize - 1) / BlockSize;

    /// <summary>Bytes of the codes of one row; the shape of the whole is uint8 [N, blocks, <see cref="BytesPerBlock"/>].</summary>
    public int WeightBytesPerRow(int columns) => BlocksPerRow(columns) * BytesPerBlock;

    /// <summary>Bytes of the packed zero points of one row, uint8 [N, this]; 0 for a symmetric format. An even block's is in the low half of its byte.</summary>
    public int ZeroPointBytesPerRow(int columns) => IsSymmetric ? 0 : (BlocksPerRow(columns) * Bits + 7) / 8;

    /// <summary>Bytes of a row with its scales (float32) and zero points: what a decode step reads.</summary>
    public int BytesPerRow(int columns) => WeightBytesPerRow(columns) + ZeroPointBytesPerRow(columns) + BlocksPerRow(columns) * sizeof(float);

    /// <exception cref="ArgumentException">A value is none that the operator takes.</exception>
    internal void Validate()
    {
        if (Bits is not (4 or 8)) throw new ArgumentException($"A weight cannot have {Bits} bits; choose 4 or 8.");
        if (BlockSize is not (16 or 32 or 64 or 128 or MaxBlockSize)) throw new ArgumentException($"A block cannot have {BlockSize} weights; choose 16, 32, 64, 128 or 256.");
    }

    /// <exception cref="ArgumentException">A span does not fit the format and number of columns.</exception>
    internal int RequireRows(int columns, int rowElements, int weights, int scales, int zeroPoints)
    {
        Validate();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var rows = rowElements / columns;
        if (rowElements != rows * columns) throw new ArgumentException($"{rowElements} values are not whole rows of {columns}.");
        if (weights != (long)rows * WeightBytesPerRow(columns)) throw new ArgumentException($"{rows} rows need {(long)rows * WeightBytesPerRow(columns)} bytes of codes, not {weights}.");
        if (scales != (long)rows * BlocksPerRow(columns)) throw new ArgumentException($"{rows} rows need {(long)rows * BlocksPerRow(columns)} scales, not {scales}.");
        if (zeroPoints != (long)rows * ZeroPointBytesPerRow(columns)) throw new ArgumentException($"{rows} rows need {(long)rows * ZeroPointBytesPerRow(columns)} bytes of zero points, not {zeroPoints}.");
        return rows;
    }
}
