using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAI.Generation.Tests;

/// <summary>Writes GGUF files.</summary>
internal sealed class GgufFile(uint version = 3, uint alignment = 32)
{
    private readonly List<(string Key, object Value)> _metadata = alignment == 32 ? [] : [("general.alignment", alignment)];
    private readonly List<Tensor> _tensors = [];
    private readonly ArrayBufferWriter<byte> _data = new();

    /// <summary>Adds metadata of the GGUF type that fits the CLR type; arrays of any of them too.</summary>
    public GgufFile With(string key, object value)
    {
        _metadata.Add((key, value));
        return this;
    }

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">In GGUF's terms.</param>
    /// <param name="values">Rounded to the format's precision.</param>
    /// <param name="lengths">Outermost first, as in <see cref="Weight.Lengths"/>.</param>
    /// <param name="format">How it is stored; block formats need rows of whole blocks.</param>
    public GgufFile Add(string name, ReadOnlySpan<float> values, long[] lengths, WeightFormat format = WeightFormat.Float32) =>
        AddRaw(name, TypeOf(format), BlockEncoding.Encode(format, values), lengths);

    /// <summary>Adds a tensor as it stands, right or wrong.</summary>
    /// <param name="name">In GGUF's terms.</param>
    /// <param name="type">The file's number.</param>
    /// <param name="data">Its bytes.</param>
    /// <param name="lengths">Outermost first.</param>
    /// <param name="offset">From the begin of the data; by default where it really is.</param>
    public GgufFile AddRaw(string name, uint type, ReadOnlySpan<byte> data, long[] lengths, ulong? offset = null)
    {
        _tensors.Add(new(name, type, lengths, offset ?? (ulong)_data.WrittenCount));
        _data.Write(data);
        Pad(_data, (int)alignment);
        return this;
    }

    public byte[] ToBytes()
    {
        var head = new ArrayBufferWriter<byte>();
        head.Write("GGUF"u8);
        Write(head, version);
        Write(head, (ulong)_tensors.Count);
        Write(head, (ulong)_metadata.Count);
        foreach (var (key, value) in _metadata)
        {
            Write(head, key);
            WriteValue(head, value);
        }

        foreach (var tensor in _tensors)
        {
            Write(head, tensor.Name);
            Write(head, (uint)tensor.Lengths.Length);
            foreach (var length in tensor.Lengths.Reverse()) Write(head, (ulong)length);
            Write(head, tensor.Type);
            Write(head, tensor.Offset);
        }

        Pad(head, (int)alignment);
        head.Write(_data.WrittenSpan);
        return head.WrittenSpan.ToArray();
    }

    public static uint TypeOf(WeightFormat format) => format switch
    {
        WeightFormat.Float32 => 0,
        WeightFormat.Float16 => 1,
        WeightFormat.Q4_0 => 2,
        WeightFormat.Q4_1 => 3,
        WeightFormat.Q5_0 => 6,
        WeightFormat.Q5_1 => 7,
        WeightFormat.Q8_0 => 8,
        WeightFormat.Q2_K => 10,
        WeightFormat.Q3_K => 11,
        WeightFormat.Q4_K => 12,
        WeightFormat.Q5_K => 13,
        WeightFormat.Q6_K => 14,
        WeightFormat.IQ4_NL => 20,
        WeightFormat.IQ4_XS => 23,
        WeightFormat.BFloat16 => 30,
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    private static void WriteValue(ArrayBufferWriter<byte> writer, object value)
    {
        if (value is not Array array)
        {
            Write(writer, TypeOf(value.GetType()));
            WriteBare(writer, value);
            return;
        }

        Write(writer, 9u);
        Write(writer, TypeOf(array.GetType().GetElementType()!));
        Write(writer, (ulong)array.Length);
        foreach (var element in array) WriteBare(writer, element);
    }

    private static uint TypeOf(Type type) => Array.IndexOf(
        [typeof(byte), typeof(sbyte), typeof(ushort), typeof(short), typeof(uint), typeof(int), typeof(float), typeof(bool), typeof(string), null, typeof(ulong), typeof(long), typeof(double)], type) switch
    {
        < 0 => throw new ArgumentOutOfRangeException(nameof(type), type, "GGUF has no such type."),
        var index => (uint)index,
    };

    private static void WriteBare(ArrayBufferWriter<byte> writer, object value)
    {
        switch (value)
        {
            case byte number: writer.Write([number]); break;
            case sbyte number: writer.Write([(byte)number]); break;
            case bool truth: writer.Write([(byte)(truth ? 1 : 0)]); break;
            case ushort number: Write(writer, number); break;
            case short number: Write(writer, (ushort)number); break;
            case uint number: Write(writer, number); break;
            case int number: Write(writer, (uint)number); break;
            case float number: Write(writer, BitConverter.SingleToUInt32Bits(number)); break;
            case ulong number: Write(writer, number); break;
            case long number: Write(writer, (ulong)number); break;
            case double number: Write(writer, BitConverter.DoubleToUInt64Bits(number)); break;
            case string text: Write(writer, text); break;
            default: throw new ArgumentOutOfRangeException(nameof(value));
        }
    }

    private static void Write(ArrayBufferWriter<byte> writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write(writer, (ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void Write<T>(ArrayBufferWriter<byte> writer, T number)
        where T : unmanaged => writer.Write(MemoryMarshal.AsBytes<T>([number]));

    private static void Pad(ArrayBufferWriter<byte> writer, int alignment) => writer.Write(new byte[-writer.WrittenCount & (alignment - 1)]);

    private sealed record Tensor(string Name, uint Type, long[] Lengths, ulong Offset);
}
