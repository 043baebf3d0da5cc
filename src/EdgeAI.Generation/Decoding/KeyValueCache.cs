using EdgeAI.Devices;

namespace EdgeAI.Generation;

/// <summary>
/// Keys and values of all slots in place: one tensor [slots, heads, capacity, head size] for the keys and one for the values of each layer, bound as past and present alike.
/// Memory that no row was written to is not touched, so systems that give pages on first use do not count it.
/// </summary>
internal sealed unsafe class KeyValueCache : IDisposable
{
    private readonly TensorValue[] _tensors;
    private readonly int _heads;
    private readonly nint _headRowBytes;
    private readonly nint _headBytes;

    public KeyValueCache(IDeviceMemory memory, DecoderConfiguration configuration, TensorElementType type, int slots, int capacity)
    {
        _heads = configuration.KeyValueHeads;
        _headRowBytes = (nint)type.ByteLength(configuration.HeadSize);
        _headBytes = _headRowBytes * capacity;
        var planes = new List<TensorValue>();
        try
        {
            for (var i = 0; i < 2 * configuration.Layers; i++)
            {
                planes.Add(TensorValue.Create(memory.Allocate((nuint)(slots * _heads * _headBytes)), type, slots, _heads, capacity, configuration.HeadSize));
            }
        }
        catch
        {
            foreach (var plane in planes) plane.Dispose();
            throw;
        }

        _tensors = [.. planes];
        RowBytes = _tensors.Length * (long)_heads * _headRowBytes;
    }

    /// <summary>By layer, key before value.</summary>
    public IReadOnlyList<TensorValue> Tensors => _tensors;

    /// <summary>Bytes of one token over all layers.</summary>
    public long RowBytes { get; }

    public static long BytesPerSlot(DecoderConfiguration configuration, TensorElementType type, int capacity) =>
        2L * configuration.Layers * configuration.KeyValueHeads * capacity * (long)type.ByteLength(configuration.HeadSize);

    /// <summary>Copies the first rows of a slot to another.</summary>
    public void CopyRows(int fromSlot, int toSlot, int rows)
    {
        var bytes = rows * _headRowBytes;
        foreach (var tensor in _tensors)
        {
            for (var head = 0; head < _heads; head++) Copy(HeadOf(tensor, fromSlot, head), HeadOf(tensor, toSlot, head), bytes);
        }
    }

    /// <summary>Copies the first rows of a slot to memory, plane by plane and head by head.</summary>
    public void Export(int slot, int rows, nint destination)
    {
        var bytes = rows * _headRowBytes;
        foreach (var tensor in _tensors)
        {
            for (var head = 0; head < _heads; head++, destination += bytes) Copy(HeadOf(tensor, slot, head), destination, bytes);
        }
    }

    /// <summary>Copies the first rows of what was exported with <paramref name="sourceRows"/> rows to a slot.</summary>
    public void Import(int slot, int rows, nint source, int sourceRows)
    {
        var stride = sourceRows * _headRowBytes;
        foreach (var tensor in _tensors)
        {
            for (var head = 0; head < _heads; head++, source += stride) Copy(source, HeadOf(tensor, slot, head), rows * _headRowBytes);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors) tensor.Dispose();
    }

    private nint HeadOf(TensorValue tensor, int slot, int head) => tensor.Buffer.Address + (((slot * _heads) + head) * _headBytes);

    private static void Copy(nint from, nint to, nint bytes) => Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);
}
