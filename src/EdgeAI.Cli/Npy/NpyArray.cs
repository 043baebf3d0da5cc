using System.Text;

namespace EdgeAI.Cli.Npy;

/// <summary>An array as read from a file: little-endian, last axis fastest. Owns its memory until <see cref="ToTensor"/> hands it over; dispose it in any case.</summary>
internal sealed unsafe class NpyArray(NpyType type, nint[] lengths, NativeBuffer buffer, string path) : IDisposable
{
    private NativeBuffer? _buffer = buffer;

    public NpyType Type => type;

    public ReadOnlySpan<nint> Lengths => lengths;

    /// <summary>
    /// The array as a tensor that the caller disposes; numbers are handed over, so ask once. Bits in unsigned integers become the 8-bit or
    /// bfloat16 type of the same width where the model declares one; otherwise the type is the file's own.
    /// </summary>
    /// <param name="declared">The type that the model declares; <see langword="null"/> where it has no such input.</param>
    public TensorValue ToTensor(TensorElementType? declared = null)
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        if (type.ElementType == TensorElementType.String) return TensorValue.CreateStrings(ReadStrings(_buffer), lengths);
        var tensor = TensorValue.Create(_buffer, ChooseType(declared), lengths);
        _buffer = null;
        return tensor;
    }

    public void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
    }

    private TensorElementType ChooseType(TensorElementType? declared) =>
        declared is { } wanted && type.Kind is 'u' or 'V' && NpyType.For(wanted) == new NpyType('u', type.ItemSize) ? wanted : type.ElementType;

    private string[] ReadStrings(NativeBuffer buffer)
    {
        var count = TensorShape.GetElementCount(lengths);
        if (count > Array.MaxLength) throw new NpyException(path, $"it holds {count} strings, more than an array can.");
        var strings = new string[count];
        for (var i = 0; i < strings.Length; i++)
        {
            var item = new ReadOnlySpan<byte>((byte*)buffer.Address + ((nint)i * type.ItemSize), type.ItemSize);
            strings[i] = (type.Kind == 'U' ? Encoding.UTF32 : Encoding.UTF8).GetString(item).TrimEnd('\0');
        }

        return strings;
    }
}
