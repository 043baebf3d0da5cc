namespace EdgeAI.Onnx;

/// <summary>Fields of a message that the graph model does not interpret, as ranges of the source; written back as they were read.</summary>
internal sealed class PreservedFields(ByteSource source)
{
    private readonly List<(long Offset, long Length)> _ranges = [];

    public void Add((long Offset, long Length) range) => _ranges.Add(range);

    public long Length => _ranges.Sum(range => range.Length);

    public void CopyTo(Stream destination)
    {
        foreach (var (offset, length) in _ranges) source.CopyTo(offset, length, destination);
    }
}
