namespace EdgeAI.Generation;

/// <summary>The eight 6-bit scales and minimums of <see cref="WeightFormat.Q4_K"/> and <see cref="WeightFormat.Q5_K"/>, packed in 12 bytes.</summary>
internal static class GroupScales
{
    /// <summary>The scale and the minimum of a group.</summary>
    /// <param name="packed">12 bytes: the low six bits of the first eight hold groups 0 to 3; the last four hold low nibbles of groups 4 to 7, whose high bits are the others' top two.</param>
    /// <param name="group">0 to 7.</param>
    public static (int Scale, int Minimum) Unpack(ReadOnlySpan<byte> packed, int group) => group < 4
        ? (packed[group] & 63, packed[group + 4] & 63)
        : ((packed[group + 4] & 15) | (packed[group - 4] >> 6 << 4), (packed[group + 4] >> 4) | (packed[group] >> 6 << 4));
}
