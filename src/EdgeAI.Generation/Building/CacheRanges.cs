using System.Numerics.Tensors;

namespace EdgeAI.Generation;

/// <summary>
/// How far the keys and values of each channel reach. A key's channels turn in pairs with their position: what counts for both is their length as a vector,
/// which stays the same wherever the token stands, so that positions beyond those that were measured are covered too.
/// </summary>
internal sealed unsafe class CacheRanges
{
    private const int LargestCode = 127;

    // Tokens that were not measured reach further. Twice the range would cost one of eight bits; what saturates costs more.
    private const float Headroom = 1.25f;

    private readonly int _heads;
    private readonly int _size;
    private readonly int _turning;
    private readonly float[][] _largest;
    private readonly float[] _lengths;

    public CacheRanges(int layers, int keyValueHeads, HeadLayout layout)
    {
        (_heads, _size, _turning) = (keyValueHeads, layout.Size, layout.RotaryPairs);
        _largest = [.. Enumerable.Range(0, 2 * layers).Select(_ => new float[_heads * _size])];
        _lengths = new float[_turning];
    }

    /// <summary>Takes rows into account as a decoder exports them: by layer, keys before values, head and position.</summary>
    public void Add(nint rows, int count)
    {
        var row = (float*)rows;
        for (var plane = 0; plane < _largest.Length; plane++)
        {
            for (var head = 0; head < _heads; head++)
            {
                var largest = _largest[plane].AsSpan(head * _size, _size);
                for (var i = 0; i < count; i++, row += _size) Widen(largest, new ReadOnlySpan<float>(row, _size), turning: plane % 2 == 0 ? _turning : 0);
            }
        }
    }

    /// <summary>The scales with which all of it fits, and somewhat more.</summary>
    /// <exception cref="InvalidOperationException">Something is no number.</exception>
    public CacheScales ToScales() => new(_heads, _size, [.. _largest.Select(plane => plane.Select(Scale).ToArray())]);

    private void Widen(Span<float> largest, ReadOnlySpan<float> row, int turning)
    {
        if (turning == 0)
        {
            TensorPrimitives.MaxMagnitude(largest, row, largest);
            return;
        }

        var half = _size / 2;
        TensorPrimitives.Hypot(row[..turning], row.Slice(half, turning), _lengths);
        TensorPrimitives.MaxMagnitude(largest[..turning], _lengths, largest[..turning]);
        largest[..turning].CopyTo(largest[half..]);

        // What is left of both halves stays as it is at every position.
        TensorPrimitives.MaxMagnitude(largest[turning..half], row[turning..half], largest[turning..half]);
        TensorPrimitives.MaxMagnitude(largest[(half + turning)..], row[(half + turning)..], largest[(half + turning)..]);
    }

    private static float Scale(float largest)
    {
        if (!float.IsFinite(largest)) throw new InvalidOperationException("a key or a value is no number");

        // Nothing was ever there, as where heads are filled up with zeros: any scale keeps it.
        return largest == 0 ? 1 : MathF.Abs(largest) * Headroom / LargestCode;
    }
}
