using System.Security.Cryptography;

namespace EdgeAI.Generation;

/// <summary>A loaded model folder.</summary>
internal sealed class TextGenerator : ITextGenerator, ISequenceHost
{
    private readonly LoadedDecoder _loaded;
    private readonly DecodingEngine _engine;
    private readonly DecodingWorker _worker;
    private readonly GenerationClock _clock;
    private readonly TextGeneratorOptions _options;
    private readonly SamplingWorkspace _workspace;
    private int _isDisposed;

    public TextGenerator(LoadedDecoder loaded, DecodingEngine engine, DecodingWorker worker, GenerationClock clock, TextGeneratorOptions options)
    {
        _loaded = loaded;
        _engine = engine;
        _worker = worker;
        _clock = clock;
        _options = options;
        _workspace = engine.Workspace;
        Model = loaded.Model;
    }

    public GenerationModelInfo Model { get; }

    public ITokenizer? Tokenizer => _loaded.Folder.Tokenizer;

    public IChatTemplate? ChatTemplate => _loaded.Folder.ChatTemplate;

    public GenerationAnswer Generate(GenerationRequest request)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        GenerationRequestValidator.Validate(request, Model, Tokenizer is not null);
        return new SequenceAnswer(request, this);
    }

    GenerationSequence ISequenceHost.CreateSequence(GenerationRequest request)
    {
        var seed = request.Options.Seed ?? BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        var sampler = new TokenSampler(request.Options, _workspace, request.PromptTokens.Span, seed);
        return new GenerationSequence(request, sampler, Model.ContextLength, _clock.Now, _options.DefaultDeadline)
        {
            Stops = request.Options.StopSequences.Count > 0 ? new AnswerText(Tokenizer!, request.Options.StopSequences) : null,
        };
    }

    void ISequenceHost.Submit(GenerationSequence sequence) => _engine.Submit(sequence);

    void ISequenceHost.Cancel(GenerationSequence sequence) => _engine.Cancel(sequence);

    AnswerText? ISequenceHost.CreateText(GenerationOptions options) => Tokenizer is { } tokenizer ? new AnswerText(tokenizer, options.StopSequences) : null;

    GenerationUsage ISequenceHost.UsageOf(GenerationSequence sequence) => _engine.UsageOf(sequence);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        _worker.Stop();
        if (_options.DrainTimeout > TimeSpan.Zero)
        {
            try
            {
                await _worker.Stopped.WaitAsync(_options.DrainTimeout, _clock.TimeProvider).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // The rest is ended below.
            }
        }

        _worker.Abort();
        await _worker.Stopped.ConfigureAwait(false);
        _loaded.Dispose();
    }

    // On the pool, so that a caller's synchronization context cannot deadlock it.
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
}
