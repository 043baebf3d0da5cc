namespace EdgeAI.Onnx;

/// <summary>Which initializers go to the second file, and where in it. Tensors that share their data share their place.</summary>
internal sealed class ExternalDataLayout
{
    private readonly Dictionary<object, long> _offsets = [];
    private readonly List<OnnxTensorData> _written = [];

    public ExternalDataLayout(OnnxModel model, string fileName, long threshold, int alignment)
    {
        FileName = fileName;
        foreach (var tensor in NodeWalk.Graphs(model).SelectMany(graph => graph.Initializers))
        {
            if (tensor.StringBytes is not null || tensor.Data.Length < long.Max(threshold, 1)) continue;
            var offset = (Length + alignment - 1) / alignment * alignment;
            if (!_offsets.TryAdd(tensor.Data.Place, offset)) continue;
            _written.Add(tensor.Data);
            Length = offset + tensor.Data.Length;
        }
    }

    /// <summary>The name of the second file, in the model's folder.</summary>
    public string FileName { get; }

    /// <summary>The size of the second file; 0 where none is needed.</summary>
    public long Length { get; private set; }

    /// <summary>Where the tensor goes; <see langword="null"/> where it stays in the model.</summary>
    public (string Location, long Offset)? Find(OnnxTensor tensor) => tensor.StringBytes is null && _offsets.TryGetValue(tensor.Data.Place, out var offset) ? (FileName, offset) : null;

    public void CopyTo(Stream destination)
    {
        long written = 0;
        foreach (var data in _written)
        {
            Pad(destination, _offsets[data.Place] - written);
            var counted = new CountedStream(destination, data.Length);
            data.CopyTo(counted);
            counted.RequireComplete();
            written = _offsets[data.Place] + data.Length;
        }
    }

    private static void Pad(Stream destination, long count)
    {
        Span<byte> zeros = stackalloc byte[256];
        zeros.Clear();
        for (; count > 0; count -= int.Min((int)count, zeros.Length)) destination.Write(zeros[..int.Min((int)count, zeros.Length)]);
    }
}
