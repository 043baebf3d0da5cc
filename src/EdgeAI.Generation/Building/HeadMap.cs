namespace EdgeAI.Generation;

/// <summary>Rearranges what belongs to heads, each in the same way.</summary>
/// <param name="map">For each element of a head the element in the source; -1 for a zero.</param>
/// <param name="sourceSize">Elements of a head in the source.</param>
internal sealed class HeadMap(int[] map, int sourceSize)
{
    public bool HasZeros { get; } = map.Contains(-1);

    /// <summary>So many elements after rearranging.</summary>
    public int Expand(long sourceLength) => checked((int)(sourceLength / sourceSize * map.Length));

    /// <summary>Where an element comes from; -1 for a zero.</summary>
    public long Source(long element)
    {
        var (head, place) = Math.DivRem(element, map.Length);
        return map[place] < 0 ? -1 : head * sourceSize + map[place];
    }

    public void Arrange(ReadOnlySpan<float> source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = Source(i) is >= 0 and var from ? source[(int)from] : 0;
    }
}
