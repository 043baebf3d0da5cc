namespace EdgeAI.Generation;

/// <summary>A logit and a token in one number that sorts as sampling ranks them: the larger logit first, of equal ones the lower token. A larger number ranks higher.</summary>
internal static class TokenRank
{
    /// <param name="logit">Not NaN; -0 counts as 0.</param>
    /// <param name="token">0 or more.</param>
    public static ulong Of(float logit, int token)
    {
        // IEEE 754 numbers sort like integers once negative ones are turned over.
        var bits = BitConverter.SingleToUInt32Bits(logit + 0f);
        bits = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        return (ulong)bits << 32 | (uint)~token;
    }

    public static float Logit(ulong rank)
    {
        var bits = (uint)(rank >> 32);
        return BitConverter.UInt32BitsToSingle((bits & 0x8000_0000) != 0 ? bits & 0x7FFF_FFFF : ~bits);
    }

    public static int Token(ulong rank) => ~(int)(uint)rank;
}
