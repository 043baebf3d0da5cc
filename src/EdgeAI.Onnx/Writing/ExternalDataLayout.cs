namespace EdgeAI.Onnx;

/// <summary>Which initializers go to the second file, and where in it.</summary>
internal sealed class ExternalDataLayout
{
    private readonly Dictionary<OnnxTensor, long> _offsets = new(ReferenceEqualityComparer.Instance);
    private readonly List<OnnxTensor> _tensors = [];

    public ExternalDataLayout(OnnxModel model, string fileName, long threshold, int alignment)
    {
        FileName = fileName;
        foreach (var tensor in NodeWalk.Graphs(model).SelectMany(graph => graph.Initializers))
        {
            if (tensor.StringBytes is not null || tensor.Data.Length < long.Max(threshold, 1)) continue;
            var offset = (Length + alignment - 1) / alignment * alignment;
            if (!_offsets.TryAdd(tensor, offset)) continue;
            _tensors.Add(tensor);
            Length = offset + tensor.Data.Length;
        }
    }

    /// <summary>The name of the second file, in the model's folder.</summary>
    public string FileName { get; }

    /// <summary>The size of the second file; 0 where none is needed.</summary>
    public long Length { get; private set; }

    /// <summary>Where the tensor goes; <see langword="null"/> where it stays in the model.</summary>
    public (string Location, long Offset)? Find(OnnxTensor tensor) => _offsets.TryGetValue(tensor, out var offset) ? (FileName, offset) : null;

    public void CopyTo(Stream destination)
    {
        long written = 0;
        foreach (var tensor in _tensors)
        {
            Pad(destination, _offsets[tensor] - written);
            var counted = new CountedStream(destination, tensor.Data.Length);
            tensor.Data.CopyTo(counted);
            counted.RequireComplete();
            written = _offsets[tensor] + tensor.Data.Length;
        }
    }

    private static void Pad(Stream destination, long count)
    {
        Span<byte> zeros = stackalloc byte[256];
        zeros.Clear();
        for (; count > 0; count -= int.Min((int)count, zeros.Length)) destination.Write(zeros[..int.Min((int)count, zeros.Length)]);
    }
}
