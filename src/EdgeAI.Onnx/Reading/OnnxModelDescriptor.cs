using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// An ONNX model that has been read and checked. Offers as services <see cref="OnnxModel"/>, the graph, <see cref="OnnxModelContent"/>, the checked
/// bytes and files, and <see cref="BatchAnalysis"/>, whether requests may be stacked, made when it is first asked for. It holds the files open until the last reference is dropped. Thread-safe.
/// </summary>
public sealed class OnnxModelDescriptor : ModelDescriptor
{
    private readonly ModelSource _source;
    private readonly OnnxReaderOptions _options;
    private readonly ModelFiles _files;
    private readonly OnnxModelContent _content;
    private readonly Lazy<BatchAnalysis> _batching;

    private OnnxModelDescriptor(ModelSource source, OnnxReaderOptions options, ModelFiles files, OnnxModel model)
    {
        _source = source;
        _options = options;
        _files = files;
        Model = model;
        Signature = SignatureBuilder.Build(model.Graph, source.Id, options.AskedDefaults);
        NonTensorOutputs = model.Graph.Outputs.Where(output => output.Type is not (null or OnnxTensorType)).ToImmutableDictionary(output => output.Name, output => output.Type!);
        Operators = ModelStatistics.CountOperators(model);
        foreach (var tensor in ModelStatistics.Weights(model).DistinctBy(tensor => tensor.StringBytes is null ? tensor.Data.Place : tensor))
        {
            ParameterCount += tensor.ElementCount;
            WeightBytes += ModelStatistics.ByteLength(tensor);
        }

        HasShapeLimits = PoolingCheck.Concerns(model.Graph);
        _content = new OnnxModelContent(ReadModelBytes, files.External.Opened);
        _batching = new Lazy<BatchAnalysis>(() => BatchAnalysis.Analyze(model));
    }

    /// <summary>The graph model. Its tensors can be read while the descriptor is retained.</summary>
    public OnnxModel Model { get; }

    /// <inheritdoc/>
    public override string Id => _source.Id;

    /// <summary>Inputs and outputs. Inputs with a default are left out unless <see cref="OnnxReaderOptions.AskedDefaults"/> names them. Outputs whose type is not declared, or is not a dense tensor, have element type <see cref="TensorElementType.Undefined"/> and no rank.</summary>
    public override ModelSignature Signature { get; }

    /// <summary>The outputs that are not dense tensors, by name: they cannot be requested.</summary>
    public IReadOnlyDictionary<string, OnnxType> NonTensorOutputs { get; }

    /// <summary>How often each operator occurs, subgraphs and functions included: the body of a function counts once, and a call of it is not an operator.</summary>
    public override IReadOnlyList<OperatorUse> Operators { get; }

    /// <summary>Elements in all initializers, subgraphs included, and in <c>Constant</c> nodes, which runtimes turn into initializers. Of sparse tensors the stored elements; of tensors that are the same bytes of a file, those of one.</summary>
    public override long ParameterCount { get; }

    /// <summary>Bytes of what <see cref="ParameterCount"/> counts, external data included.</summary>
    public override long WeightBytes { get; }

    /// <summary>Whether <see cref="FindShapeProblem"/> can find anything in this model.</summary>
    public bool HasShapeLimits { get; }

    /// <summary>Reads and checks a model. Dispose the descriptor to drop the caller's reference.</summary>
    /// <param name="source">The model.</param>
    /// <param name="options">Limits; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ModelLoadException">The model is missing, is not a model, or was refused; says what is wrong, where, and what to do.</exception>
    public static OnnxModelDescriptor Open(ModelSource source, OnnxReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= OnnxReaderOptions.Default;
        var files = ModelFiles.Open(source, options);
        try
        {
            var model = OnnxReader.Read(files.Model, files.External, source.Id, options);
            files.External.Seal();
            return new OnnxModelDescriptor(source, options, files, model);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether inputs of these lengths are known to end the process in ONNX Runtime instead of being answered or refused: pooling nodes whose window does
    /// not fit, as with an image that is too small. Worth asking for each new set of lengths, before it is run.
    /// </summary>
    /// <param name="inputLengths">Lengths of the axes by the input's name; inputs left out are taken as declared.</param>
    /// <returns>The problem, as a sentence without its full stop; <see langword="null"/> where none is known.</returns>
    public string? FindShapeProblem(IReadOnlyDictionary<string, nint[]> inputLengths) => PoolingCheck.FindProblem(Model.Graph, inputLengths);

    /// <inheritdoc/>
    public override object? GetService(Type serviceType)
    {
        if (serviceType == typeof(OnnxModel)) return Model;
        if (serviceType == typeof(BatchAnalysis)) return _batching.Value;
        return serviceType == typeof(OnnxModelContent) ? _content : base.GetService(serviceType);
    }

    /// <inheritdoc/>
    protected override void Free() => _files.Dispose();

    private ReadOnlyMemory<byte> ReadModelBytes()
    {
        ObjectDisposedException.ThrowIf(IsFreed, this);
        if (!_source.IsFile) return _source.Bytes;

        var bytes = GC.AllocateUninitializedArray<byte>((int)_files.Model.Length);
        if (_files.Model.Read(0, bytes) != bytes.Length) throw Changed();
        var model = OnnxReader.Read(new MemorySource(bytes), _files.External, Id, _options);
        if (SignatureBuilder.Build(model.Graph, Id, _options.AskedDefaults).ToString() != Signature.ToString()) throw Changed();
        try
        {
            return InnerExternalData.Embed(model) ?? bytes;
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            throw new ModelLoadException($"the external data of its subgraphs cannot be read into the model: {error.Message}", Id, error);
        }
    }

    private ModelLoadException Changed() => new("the file has changed since it was opened; do not write to a model's file while it is loaded, and load it again.", Id);
}
