namespace EdgeAI.Onnx;

internal sealed record OnnxExternalFile(string Location, nint Address, long Length);

internal sealed class OnnxModelContent(ReadOnlyMemory<byte> bytes, IReadOnlyList<OnnxExternalFile> files)
{
    public ReadOnlyMemory<byte> GetModelBytes() => bytes;
    public IReadOnlyList<OnnxExternalFile> ExternalFiles => files;
}
