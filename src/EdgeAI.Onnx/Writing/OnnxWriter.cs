namespace EdgeAI.Onnx;

/// <summary>
/// Writes ONNX models. Weights are streamed from where they lie, so a model of any size needs little memory. All members are
/// thread-safe. The graph is written as it is: read the result to have it checked.
/// </summary>
public static class OnnxWriter
{
    /// <summary>
    /// Writes a model file, and the file for its external data where the options ask for one. Both appear under their names only when
    /// complete; if anything fails, nothing is left behind and earlier files stay.
    /// </summary>
    /// <param name="model">The model. It may have been read from the file that is replaced.</param>
    /// <param name="path">Where to write; the folder must exist.</param>
    /// <param name="options">How to write; <see langword="null"/> for the defaults.</param>
    /// <exception cref="InvalidOperationException">The model is over 2 GB without external data, or a tensor's writer gave another number of bytes than announced.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="IOException">The disk is full, or a file cannot be written or read.</exception>
    public static void Write(OnnxModel model, string path, OnnxWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = Path.GetFullPath(path);
        if (Directory.Exists(path)) throw new IOException($"'{path}' is a directory; give the path of the file to write.");
        var layout = LayOut(model, Path.GetFileName(path), options ?? OnnxWriterOptions.Default);
        var encoded = ModelEncoder.Encode(model, layout is null ? null : layout.Find);
        using var modelFile = new NewFile(path);
        if (layout is null or { Length: 0 })
        {
            modelFile.Write(encoded.CopyTo);
            modelFile.MoveIntoPlace();
            return;
        }

        using var dataFile = new NewFile(Path.Combine(Path.GetDirectoryName(path)!, layout.FileName));
        dataFile.Write(layout.CopyTo);
        modelFile.Write(encoded.CopyTo);
        dataFile.MoveIntoPlace();
        modelFile.MoveIntoPlace();
    }

    /// <summary>Writes a model with all its weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="destination">Receives the serialized model; it is not closed.</param>
    /// <exception cref="InvalidOperationException">The model is over 2 GB, or a tensor's writer gave another number of bytes than announced.</exception>
    public static void Write(OnnxModel model, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(destination);
        ModelEncoder.Encode(model).CopyTo(destination);
    }

    /// <summary>A model with all its weights as bytes.</summary>
    /// <inheritdoc cref="Write(OnnxModel, Stream)"/>
    public static byte[] ToBytes(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelEncoder.Encode(model).ToArray();
    }

    /// <summary>Writes the model's own file again, around external data that stays where it was read from: for another graph over weights that need not be copied.</summary>
    /// <param name="model">A model whose external data lies in the folder that is written to.</param>
    /// <param name="path">Where to write; it may be the file that the model was read from.</param>
    /// <exception cref="IOException">The disk is full, or a file cannot be written or read.</exception>
    internal static void WriteAroundExternalData(OnnxModel model, string path)
    {
        var encoded = ModelEncoder.Encode(model, static tensor => tensor is { StringBytes: null, Data: OnnxExternalData data } ? (data.Location, data.Offset) : null);
        using var modelFile = new NewFile(Path.GetFullPath(path));
        modelFile.Write(encoded.CopyTo);
        modelFile.MoveIntoPlace();
    }

    internal static InvalidOperationException TooLarge(long length) =>
        new($"The model takes {length} bytes, more than the 2 GB that protobuf allows. Write it to a file with {nameof(OnnxWriterOptions)}.{nameof(OnnxWriterOptions.ExternalDataThreshold)} set to 1024.");

    private static ExternalDataLayout? LayOut(OnnxModel model, string fileName, OnnxWriterOptions options)
    {
        if (options.ExternalDataThreshold is not { } threshold) return null;
        ArgumentOutOfRangeException.ThrowIfNegative(threshold, nameof(OnnxWriterOptions.ExternalDataThreshold));
        var alignment = options.ExternalDataAlignment;
        if (alignment < 64 || !int.IsPow2(alignment)) throw new ArgumentOutOfRangeException(nameof(options), alignment, $"{nameof(OnnxWriterOptions.ExternalDataAlignment)} must be a power of two from 64.");
        return new ExternalDataLayout(model, fileName + ".data", threshold, alignment);
    }
}
