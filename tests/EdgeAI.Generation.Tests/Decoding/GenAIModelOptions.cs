namespace EdgeAI.Generation.Tests;

/// <summary>Which of the layouts that the builder knows is written.</summary>
internal sealed record GenAIModelOptions
{
    public const int BlockSize = 32;

    /// <summary>Query, key and value from one product.</summary>
    public bool IsPacked { get; init; }

    /// <summary>Rotary embedding in nodes of its own, which need the positions, as for devices whose attention does not turn.</summary>
    public bool HasPositions { get; init; }

    /// <summary><c>prune_lm_head</c>: logits of the last position only.</summary>
    public bool PrunesHead { get; init; }

    /// <summary>4 bits by rounding to nearest.</summary>
    public bool IsQuantized { get; init; }

    /// <summary>Weights, cache and logits of 16 bits, as for graphics cards.</summary>
    public bool IsHalf { get; init; }

    /// <summary>Two pairs of rotary tables.</summary>
    public (int Original, Func<int, double> ShortFactor, Func<int, double> LongFactor)? LongRope { get; init; }

    public int[] EndTokens { get; init; } = [2, 7];

    public string Type { get; init; } = "llama";

    /// <summary>Codes and scales of symmetric blocks: the extreme element becomes -8.</summary>
    public static (byte[] Codes, float[] Scales) Quantize(float[] weight, int columns)
    {
        var (codes, scales) = (new List<byte>(), new List<float>());
        foreach (var block in weight.Chunk(columns).SelectMany(row => row.Chunk(BlockSize)))
        {
            var scale = block.MaxBy(Math.Abs) / -8;
            byte Code(int i) => (byte)Math.Clamp(Math.Round(i < block.Length ? block[i] / scale : 0) + 8, 0, 15);
            scales.Add(scale);
            codes.AddRange(Enumerable.Range(0, BlockSize / 2).Select(i => (byte)(Code(2 * i) | Code(2 * i + 1) << 4)));
        }

        return ([.. codes], [.. scales]);
    }

    /// <summary>What such codes and scales stand for.</summary>
    public static float[] Restore(float[] weight, int columns)
    {
        var (codes, scales) = Quantize(weight, columns);
        var blocks = (columns + BlockSize - 1) / BlockSize;
        return [.. Enumerable.Range(0, weight.Length).Select(i =>
        {
            var (row, column) = Math.DivRem(i, columns);
            var at = row * blocks + column / BlockSize;
            return ((codes[(at * BlockSize + column % BlockSize) / 2] >> (4 * (column % 2)) & 15) - 8) * scales[at];
        })];
    }
}
