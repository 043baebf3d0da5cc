namespace EdgeAI.Onnx;

/// <summary>The bytes of a model and the files beside it, opened once.</summary>
internal sealed class ModelFiles : IDisposable
{
    private ModelFiles(ByteSource model, ExternalFiles external)
    {
        Model = model;
        External = external;
    }

    public ByteSource Model { get; }

    public ExternalFiles External { get; }

    /// <summary>Opens the model itself; files beside it are opened when a tensor names them.</summary>
    public static ModelFiles Open(ModelSource source, OnnxReaderOptions options)
    {
        if (!source.IsFile) return new(new MemorySource(source.Bytes), new ExternalFiles(source.Id, folder: null, roots: []));
        var file = RegularFile.Open(source.Path, realFolders: null, out var problem)
            ?? throw new ModelLoadException($"the model {problem}. Give the path of an .onnx file.", source.Id);
        if (file.Length <= Array.MaxLength) return new(file, new ExternalFiles(source.Id, Path.GetDirectoryName(source.Path), options.ExternalDataRoots));

        file.Dispose();
        throw new ModelLoadException($"the model file has {file.Length} bytes; protobuf ends at 2 GB. Save the model with its weights as external data.", source.Id);
    }

    public void Dispose()
    {
        (Model as IDisposable)?.Dispose();
        External.Close();
    }
}
