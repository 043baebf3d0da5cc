using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>An encoder that is loaded once, when it is first wanted; a failure is not remembered. The engine owns the model. Thread-safe.</summary>
internal sealed class LazyEncoder(IInferenceEngine engine, string folder, EmbeddingModelOptions options)
{
    private readonly Lock _gate = new();
    private Task<Encoder>? _load;

    public async ValueTask<Encoder> LoadAsync(CancellationToken cancellationToken)
    {
        Task<Encoder> load;
        lock (_gate)
        {
            if (_load is null || _load.IsFaulted || _load.IsCanceled) _load = Task.Run(LoadCoreAsync, CancellationToken.None);
            load = _load;
        }

        return await load.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<Encoder> LoadCoreAsync()
    {
        var source = ModelSource.FromFile(EncoderFolder.GraphOf(folder));
        var tokenizer = EncoderFolder.TokenizerOf(folder);
        var (pooling, maxTokens) = EncoderFolder.Complete(folder, options);
        EncoderSignature signature;
        using (var header = OnnxModelDescriptor.Open(source)) signature = EncoderSignature.From(header.Signature, options.OutputName, folder);
        signature.Declare(options.Model, padding: 0);
        var model = await engine.LoadModelAsync(source, options.Model, CancellationToken.None).ConfigureAwait(false);
        return new Encoder(model, tokenizer, signature, options, pooling, maxTokens);
    }
}
