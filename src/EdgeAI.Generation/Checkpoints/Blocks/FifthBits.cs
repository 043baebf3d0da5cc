using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

/// <summary>The bits that <see cref="WeightFormat.Q5_0"/> and <see cref="WeightFormat.Q5_1"/> keep apart from their nibbles.</summary>
internal static class FifthBits
{
    private static readonly Vector128<byte> _bitOfLane = Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
    private static readonly Vector128<byte> _byteOfLane = Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);

    /// <summary>16 in lane j where bit j is set, else 0.</summary>
    public static Vector128<byte> Spread(ushort bits)
    {
        var bytes = Vector128.Shuffle(Vector128.CreateScalar(bits).AsByte(), _byteOfLane);
        return Vector128.Equals(bytes & _bitOfLane, _bitOfLane) & Vector128.Create((byte)16);
    }
}
