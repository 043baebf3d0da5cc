using System.Buffers.Binary;
using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>What is known of a constant tensor: its shape, and its numbers where they are few.</summary>
internal static class ConstantNumbers
{
    public static BatchValue Read(OnnxTensor tensor, SymbolSource symbols)
    {
        ImmutableArray<Term> shape = [.. tensor.Lengths.ToArray().Select(length => Term.Constant(length))];
        return IsSmall(tensor) && TryRead(tensor) is { } bytes
            ? BatchValue.Numbers(shape, Decode(tensor.ElementType, bytes, symbols))
            : BatchValue.Shared(shape);
    }

    private static bool IsSmall(OnnxTensor tensor) => WidthOf(tensor.ElementType) is > 0 and var width && tensor.Data.Length <= (long)width * BatchValue.MaxElements && tensor.Data.Length == (long)tensor.ElementCount * width;

    private static byte[]? TryRead(OnnxTensor tensor)
    {
        try
        {
            return tensor.Data.ToArray();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or NotSupportedException)
        {
            // The file has gone or the model was disposed: the numbers are unknown, which refuses wherever they matter.
            return null;
        }
    }

    private static int WidthOf(TensorElementType type) => type switch
    {
        TensorElementType.Boolean or TensorElementType.UInt8 or TensorElementType.Int8 => 1,
        TensorElementType.Int32 or TensorElementType.Float32 => 4,
        TensorElementType.Int64 or TensorElementType.Float64 => 8,
        _ => 0,
    };

    private static ImmutableArray<Term> Decode(TensorElementType type, byte[] bytes, SymbolSource symbols)
    {
        var width = WidthOf(type);
        var numbers = ImmutableArray.CreateBuilder<Term>(bytes.Length / width);
        for (var start = 0; start + width <= bytes.Length; start += width)
        {
            var element = bytes.AsSpan(start, width);
            numbers.Add(type switch
            {
                TensorElementType.Int64 => Term.Constant(BinaryPrimitives.ReadInt64LittleEndian(element)),
                TensorElementType.Int32 => Term.Constant(BinaryPrimitives.ReadInt32LittleEndian(element)),
                TensorElementType.Int8 => Term.Constant((sbyte)element[0]),
                TensorElementType.Float32 => Whole(BinaryPrimitives.ReadSingleLittleEndian(element), symbols),
                TensorElementType.Float64 => Whole(BinaryPrimitives.ReadDoubleLittleEndian(element), symbols),
                _ => Term.Constant(element[0]),
            });
        }

        return numbers.ToImmutable();
    }

    /// <summary>Of fractions only that they are the same for all mates matters.</summary>
    private static Term Whole(double value, SymbolSource symbols) =>
        double.IsInteger(value) && Math.Abs(value) < 1L << 53 ? Term.Constant((long)value) : symbols.NewNumber();
}
