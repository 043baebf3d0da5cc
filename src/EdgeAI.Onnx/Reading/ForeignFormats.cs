namespace EdgeAI.Onnx;

/// <summary>Recognizes what is often given in place of an ONNX model, to say so.</summary>
internal static class ForeignFormats
{
    private const int PrefixLength = 64;

    /// <summary>What the source is and what to do, as the end of a sentence; <see langword="null"/> where it is none of these.</summary>
    public static string? Recognize(ByteSource source)
    {
        Span<byte> buffer = stackalloc byte[PrefixLength];
        ReadOnlySpan<byte> prefix = buffer[..source.Read(0, buffer)];
        if (prefix.IsEmpty) return "empty, not an ONNX model; download or export it again";
        if (!prefix.ContainsAnyExcept((byte)0)) return "filled with zeros, not an ONNX model; the download did not finish, repeat it";
        if (prefix.StartsWith("version https://git-lfs"u8)) return "a Git LFS pointer, not the model itself; run 'git lfs pull'";
        if (prefix.StartsWith("<"u8)) return "a web page or XML, not an ONNX model; download the model again, from the address of the raw file";
        if (prefix.StartsWith("PK\x03\x04"u8)) return "a zip archive (perhaps a PyTorch checkpoint), not an ONNX model; unpack it or export it to ONNX";
        if (prefix.StartsWith("GGUF"u8)) return "a GGUF file, not an ONNX model";
        if (prefix.Length > 8 && prefix[4..].StartsWith("ORTM"u8)) return "in ONNX Runtime's own ORT format; use the .onnx file that it was made from";
        return prefix.Length > 8 && prefix[4..].StartsWith("TFL3"u8) ? "a TensorFlow Lite model, not an ONNX model; convert it to ONNX" : null;
    }
}
