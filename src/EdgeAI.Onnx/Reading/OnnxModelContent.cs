namespace EdgeAI.Onnx;

/// <summary>Exactly what was checked: the model's bytes and the opened files beside it. Valid while the descriptor is retained. Thread-safe.</summary>
public sealed class OnnxModelContent
{
    private readonly Func<ReadOnlyMemory<byte>> _read;

    internal OnnxModelContent(Func<ReadOnlyMemory<byte>> read, IReadOnlyList<OnnxExternalFile> externalFiles)
    {
        _read = read;
        ExternalFiles = externalFiles;
    }

    /// <summary>The files beside the model that its tensors refer to; none for a model without external data. Give them to the runtime as memory: opened by name, they could be others.</summary>
    public IReadOnlyList<OnnxExternalFile> ExternalFiles { get; }

    /// <summary>The model's bytes. From a file they are read anew at each call, from the handle that was checked, and checked again, since the file may have been written to. External data
    /// of subgraphs, functions and attributes has been moved into them, since ONNX Runtime would open it by name; that of the outer graph's initializers has not.</summary>
    /// <exception cref="ModelLoadException">The file has changed since it was opened.</exception>
    /// <exception cref="ObjectDisposedException">The descriptor has been freed.</exception>
    public ReadOnlyMemory<byte> GetModelBytes() => _read();
}
