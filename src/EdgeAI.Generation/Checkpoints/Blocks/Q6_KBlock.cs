using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

internal readonly struct Q6_KBlock : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.Q6_K;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var scale = Codes.ReadHalf(block[208..]);

        // Each half of 128 values has 64 bytes of nibbles, 32 bytes of pairs of high bits, and 8 scales for 16 values each.
        for (var half = 0; half < 2; half++)
        {
            var nibbles = block.Slice(64 * half, 64);
            var pairs = block.Slice(128 + (32 * half), 32);
            var scales = block.Slice(192 + (8 * half), 8);
            var values = destination[(128 * half)..];
            for (var i = 0; i < 2; i++)
            {
                var (first, second, high) = (Vector128.Create(nibbles[(16 * i)..]), Vector128.Create(nibbles[(32 + (16 * i))..]), Vector128.Create(pairs[(16 * i)..]));
                Write(Codes.LowNibbles(first), high << 4, scale * (sbyte)scales[i], values[(16 * i)..]);
                Write(Codes.LowNibbles(second), high << 2, scale * (sbyte)scales[i + 2], values[(32 + (16 * i))..]);
                Write(Codes.HighNibbles(first), high, scale * (sbyte)scales[i + 4], values[(64 + (16 * i))..]);
                Write(Codes.HighNibbles(second), high >>> 2, scale * (sbyte)scales[i + 6], values[(96 + (16 * i))..]);
            }
        }
    }

    private static void Write(Vector128<byte> low, Vector128<byte> high, float scale, Span<float> destination) =>
        Codes.Write(low | (high & Vector128.Create((byte)0x30)), scale, -32 * scale, destination);
}
