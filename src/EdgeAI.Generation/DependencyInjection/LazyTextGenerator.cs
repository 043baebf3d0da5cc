namespace EdgeAI.Generation;

/// <summary>A generator that the container owns, loaded when it is first used. Disposing it does nothing. Thread-safe.</summary>
internal sealed class LazyTextGenerator(LoadedTextGenerators loads, string key, string folder, TextGeneratorOptions options) : ITextGenerator
{
    private ITextGenerator? _loaded;

    /// <summary>The folder's name: what the model is called before it is loaded.</summary>
    public string Name { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    public GenerationModelInfo Model => Loaded.Model;

    public ITokenizer? Tokenizer => Loaded.Tokenizer;

    public IChatTemplate? ChatTemplate => Loaded.ChatTemplate;

    // These members cannot be awaited; loading runs on threads of its own.
    private ITextGenerator Loaded => Volatile.Read(ref _loaded) ?? LoadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public async ValueTask<ITextGenerator> LoadAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _loaded) is { } loaded) return loaded;
        loaded = await loads.LoadAsync(key, folder, options, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _loaded, loaded);
        return loaded;
    }

    public GenerationAnswer Generate(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Volatile.Read(ref _loaded) is { } loaded ? loaded.Generate(request) : new LazyAnswer(this, request);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose()
    {
    }
}
