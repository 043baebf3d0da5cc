using System.Globalization;
using System.Runtime.InteropServices;
using EdgeAI.Batching;

namespace EdgeAI.Tuning;

/// <summary>
/// The shapes of one kind of request, to make inputs like it. Of contents it holds only those of small inputs that all requests of a run share, such as
/// a sample rate; all others are made up. Immutable.
/// </summary>
internal sealed class ShapeSample
{
    private readonly ModelSignature _signature;
    private readonly nint[][] _lengths;
    private readonly byte[]?[] _contents;

    private ShapeSample(ModelSignature signature, nint[][] lengths, byte[]?[] contents)
    {
        _signature = signature;
        _lengths = lengths;
        _contents = contents;
    }

    /// <summary>What a request shows.</summary>
    public static ShapeSample Of(ModelSignature signature, ReadOnlySpan<TensorValue?> inputs)
    {
        var lengths = new nint[inputs.Length][];
        var contents = new byte[inputs.Length][];
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = inputs[i]!;
            lengths[i] = input.Lengths.ToArray();
            if (TensorBytes.IsNumber(input)) contents[i] = TensorBytes.Of(input).ToArray();
        }

        return new ShapeSample(signature, lengths, contents);
    }

    /// <summary>What requests of a kind have shown.</summary>
    public static ShapeSample Of(ModelSignature signature, KnownShape shape) => new(signature, shape.Lengths, shape.Contents);

    /// <summary>What the signature and a shape of the options say; <see langword="null"/> where that leaves a length or a meaningful content open.</summary>
    public static ShapeSample? From(ModelSignature signature, IReadOnlyDictionary<string, long[]>? shapes, IReadOnlyDictionary<string, long> symbols, BatchLayout? layout)
    {
        var lengths = new nint[signature.Inputs.Count][];
        for (var i = 0; i < lengths.Length; i++)
        {
            var spec = signature.Inputs[i];
            if (!IsFloat(spec.ElementType)) return null;
            if (shapes?.TryGetValue(spec.Name, out var shape) == true)
            {
                lengths[i] = [.. shape.Select(length => (nint)length)];
                continue;
            }

            if (!spec.HasRank) return null;
            lengths[i] = spec.Lengths.ToArray();
            for (var axis = 0; axis < lengths[i].Length; axis++)
            {
                if (lengths[i][axis] >= 0) continue;
                if (layout is not null && layout.InputAxes[i] == axis) lengths[i][axis] = 1;
                else if (spec.LengthNames[axis] is { } name && symbols.TryGetValue(name, out var length)) lengths[i][axis] = (nint)length;
                else return null;
            }
        }

        return new ShapeSample(signature, lengths, new byte[lengths.Length][]);
    }

    /// <summary>What the signature and the options say, and a length of 1 where they leave one open.</summary>
    public static ShapeSample Smallest(ModelSignature signature, IReadOnlyDictionary<string, long[]>? shapes, IReadOnlyDictionary<string, long> symbols)
    {
        var lengths = signature.Inputs.Select(spec => shapes?.TryGetValue(spec.Name, out var shape) == true ? [.. shape.Select(length => (nint)length)] : LengthsOf(spec, symbols)).ToArray();
        return new ShapeSample(signature, lengths, new byte[lengths.Length][]);
    }

    private static nint[] LengthsOf(TensorSpec spec, IReadOnlyDictionary<string, long> symbols)
    {
        var lengths = spec.Lengths.ToArray();
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            if (lengths[axis] < 0) lengths[axis] = spec.LengthNames[axis] is { } name && symbols.TryGetValue(name, out var length) ? (nint)length : 1;
        }

        return lengths;
    }

    /// <summary>Inputs of so many rows with made-up values; the caller disposes them.</summary>
    /// <param name="layout">Along which axes rows are stacked; <see langword="null"/>: the shapes as they are.</param>
    /// <param name="rows">Rows, 1 or more.</param>
    /// <param name="fill">Makes the elements of an input's row: row, a number that is random by seed from -1 to 1, and gives the value.</param>
    public TensorValue[] Create(BatchLayout? layout, int rows, Func<int, double, double>? fill = null)
    {
        var inputs = new TensorValue[_lengths.Length];
        var made = 0;
        try
        {
            for (; made < inputs.Length; made++) inputs[made] = Create(made, layout, rows, fill);
            return inputs;
        }
        catch
        {
            while (made > 0) inputs[--made].Dispose();
            throw;
        }
    }

    /// <summary>Equal for samples that cost the same.</summary>
    /// <param name="layout">Whose batch axes do not count.</param>
    public string Describe(BatchLayout? layout)
    {
        var parts = new List<string>();
        for (var i = 0; i < _lengths.Length; i++)
        {
            var axis = layout?.InputAxes[i] ?? BatchLayout.Shared;
            var lengths = _lengths[i].Select((length, a) => a == axis ? "n" : length.ToString(CultureInfo.InvariantCulture));
            parts.Add($"{_signature.Inputs[i].Name}[{string.Join(',', lengths)}]{(_contents[i] is { } content ? $"={Convert.ToHexString(content)}" : "")}");
        }

        return string.Join(' ', parts);
    }

    private static bool IsFloat(TensorElementType type) =>
        type is TensorElementType.Float32 or TensorElementType.Float64 or TensorElementType.Float16 or TensorElementType.BFloat16;

    private TensorValue Create(int input, BatchLayout? layout, int rows, Func<int, double, double>? fill)
    {
        var spec = _signature.Inputs[input];
        var lengths = (nint[])_lengths[input].Clone();
        var axis = layout?.InputAxes[input] ?? BatchLayout.Shared;
        if (axis != BatchLayout.Shared) lengths[axis] = rows;
        if (spec.ElementType == TensorElementType.String)
        {
            var strings = new string[TensorShape.GetElementCount(lengths)];
            Array.Fill(strings, string.Empty);
            return TensorValue.CreateStrings(strings, lengths);
        }

        var tensor = TensorValue.Create(new NativeBuffer(spec.ElementType.ByteLength(TensorShape.GetElementCount(lengths)), clear: true), spec.ElementType, lengths);
        if (axis == BatchLayout.Shared && _contents[input] is { } content) content.CopyTo(TensorBytes.Of(tensor));
        else if (IsFloat(spec.ElementType)) Fill(tensor, axis, input, fill);
        return tensor;
    }

    /// <summary>Integers stay zero: they may be indexes, of which only the smallest is sure to exist.</summary>
    private static void Fill(TensorValue tensor, int axis, int seed, Func<int, double, double>? fill)
    {
        var bytes = TensorBytes.Of(tensor);
        var lengths = tensor.Lengths;
        var inner = axis == BatchLayout.Shared ? 0 : TensorShape.GetElementCount(lengths[(axis + 1)..]);
        var rows = axis == BatchLayout.Shared ? 1 : lengths[axis];
        for (nint i = 0, count = tensor.ElementCount; i < count; i++)
        {
            var row = inner == 0 ? 0 : (int)(i / inner % rows);

            // Row by row the same numbers, so that a row is the same alone and among others.
            var place = inner == 0 ? i : (i / (inner * rows) * inner) + (i % inner);
            var number = Noise((ulong)place, (ulong)seed);
            Write(bytes, (int)i, tensor.ElementType, fill is null ? number : fill(row, number));
        }
    }

    private static void Write(Span<byte> bytes, int index, TensorElementType type, double value)
    {
        switch (type)
        {
            case TensorElementType.Float32: MemoryMarshal.Cast<byte, float>(bytes)[index] = (float)value; break;
            case TensorElementType.Float64: MemoryMarshal.Cast<byte, double>(bytes)[index] = value; break;
            case TensorElementType.Float16: MemoryMarshal.Cast<byte, Half>(bytes)[index] = (Half)value; break;
            default: MemoryMarshal.Cast<byte, BFloat16>(bytes)[index] = (BFloat16)(float)value; break;
        }
    }

    /// <summary>A number from -1 to 1 by its place: SplitMix64 (Steele, Lea and Flood, 2014).</summary>
    private static double Noise(ulong place, ulong seed)
    {
        var z = ((place + 1) * 0x9E3779B97F4A7C15) + (seed * 0xD1B54A32D192ED03);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return ((z >> 11) * (2.0 / (1UL << 53))) - 1;
    }
}
