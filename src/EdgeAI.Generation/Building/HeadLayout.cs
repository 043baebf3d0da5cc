namespace EdgeAI.Generation;

/// <summary>
/// The order of a head's elements in the graph. GroupQueryAttention with rotary embedding wants 16 elements or a multiple, and turns element i with i + size / 2: heads of other
/// sizes get zeros, and elements that do not turn take the pairs after those that do. Query, key and value share the order, so that their products stay the same.
/// </summary>
internal sealed class HeadLayout
{
    private const int Multiple = 16;

    /// <param name="size">Elements of a head in the checkpoint.</param>
    /// <param name="rotarySize">Elements that turn, from the first.</param>
    public HeadLayout(int size, int rotarySize)
    {
        SourceSize = size;
        Size = (size + Multiple - 1) / Multiple * Multiple;
        RotaryPairs = rotarySize / 2;
        IsPlain = Size == size && rotarySize == size;
    }

    /// <summary>Elements of a head in the checkpoint.</summary>
    public int SourceSize { get; }

    /// <summary>Elements of a head in the graph and the cache.</summary>
    public int Size { get; }

    /// <summary>Pairs that turn.</summary>
    public int RotaryPairs { get; }

    /// <summary>Whether heads are as in the checkpoint.</summary>
    public bool IsPlain { get; }

    /// <summary>For each element in the graph the element in the checkpoint; -1 for a zero.</summary>
    /// <param name="isInterleaved">Whether the checkpoint has elements that turn together side by side.</param>
    public int[] Map(bool isInterleaved)
    {
        var map = new int[Size];
        for (var place = 0; place < Size; place++)
        {
            var element = SourceElement(place);
            map[place] = isInterleaved && element >= 0 && element < 2 * RotaryPairs ? Interleave(element) : element;
        }

        return map;
    }

    private int SourceElement(int place)
    {
        var (half, pair) = Math.DivRem(place, Size / 2);
        if (pair < RotaryPairs) return half * RotaryPairs + pair;
        var still = 2 * RotaryPairs + half * (Size / 2 - RotaryPairs) + pair - RotaryPairs;
        return still < SourceSize ? still : -1;
    }

    private int Interleave(int element) => element < RotaryPairs ? 2 * element : 2 * (element - RotaryPairs) + 1;
}
