namespace EdgeAI.Onnx;

/// <summary>Bytes in a file beside the model.</summary>
public sealed class OnnxExternalData : OnnxTensorData
{
    private readonly ByteSource _source;

    internal OnnxExternalData(ByteSource source, string location, long offset, long length, string? checksum)
    {
        _source = source;
        Location = location;
        Offset = offset;
        Length = length;
        Checksum = checksum;
    }

    /// <summary>The file, relative to the model's folder, as written in the model.</summary>
    public string Location { get; }

    /// <summary>Where the bytes start in the file.</summary>
    public long Offset { get; }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>The SHA-1 digest of the file as the model states it, not verified; <see langword="null"/> where absent.</summary>
    public string? Checksum { get; }

    internal override object Place => (_source, Offset, Length);

    /// <inheritdoc/>
    public override void CopyTo(Stream destination) => _source.CopyTo(Offset, Length, destination);
}
