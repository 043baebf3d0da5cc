namespace EdgeAI.Onnx;

/// <summary>
/// Reads ONNX models and refuses what is damaged or hostile, so that native code never sees it. The data of weights is not read:
/// a tensor refers to a range of the model's file or memory. All members are thread-safe.
/// </summary>
/// <remarks>
/// Fields that the graph model does not interpret (documentation and metadata of inner parts, quantization annotations, training and
/// device configurations, fields of later format versions) are kept and written back, except inside shapes, entries and the parts of types,
/// where they are passed over.
/// Data in typed fields such as <c>float_data</c> is written back as raw data.
/// Refused because their meaning would be lost: tensor segments, and messages that occur twice where one is expected.
/// </remarks>
public static class OnnxReader
{
    /// <summary>Reads a model file. Dispose the model to close it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ModelLoadException">The file is missing, is not a model, or was refused; says what is wrong, where, and what to do.</exception>
    public static OnnxModel Read(string path, OnnxReaderOptions? options = null) => Read(ModelSource.FromFile(path), options);

    /// <summary>Reads a model in memory. The memory must not change while the model is in use.</summary>
    /// <param name="bytes">The serialized model.</param>
    /// <param name="options">Limits; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ModelLoadException">The bytes are not a model or were refused; says what is wrong, where, and what to do.</exception>
    public static OnnxModel Parse(ReadOnlyMemory<byte> bytes, OnnxReaderOptions? options = null) => Read(ModelSource.FromBytes(bytes, "model in memory"), options);

    private static OnnxModel Read(ModelSource source, OnnxReaderOptions? options)
    {
        var files = ModelFiles.Open(source, options ??= OnnxReaderOptions.Default);
        try
        {
            return Read(files.Model, files.External, source.Id, options) with { Files = [files] };
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Reads and checks: the gate through which every model passes.</summary>
    internal static OnnxModel Read(ByteSource source, ExternalFiles externalFiles, string modelId, OnnxReaderOptions options)
    {
        try
        {
            var model = new ModelParser(new WireReader(source, modelId, options), externalFiles, options).ReadModel();
            new GraphChecker(modelId).CheckModel(model);
            new FunctionChecker(modelId, options).Check(model);
            return model;
        }
        catch (IOException error)
        {
            throw new ModelLoadException($"the file cannot be read: {error.Message}", modelId, error);
        }
        catch (ModelLoadException) when (ForeignFormats.Recognize(source) is { } kind)
        {
            throw new ModelLoadException($"the file is {kind}.", modelId);
        }
    }
}
