using EdgeAI.Requests;
using EdgeAI.Scheduling;

namespace EdgeAI.Engine;

/// <summary>
/// A model that the container owns: its signature is read from the file when asked for, and it is loaded by its first
/// request or at warm-up. Disposing it does nothing; the engine unloads it. Thread-safe.
/// </summary>
internal sealed class LazyModelHandle : IModelHandle, IReplaceableModel, IDisposable
{
    private readonly InferenceEngine _engine;
    private readonly ModelOptions _options;
    private readonly Clock _clock;
    private readonly Lock _gate = new();
    private ModelHandle? _loaded;
    private Task<ModelHandle>? _loading;
    private ModelSignature? _signature;

    public LazyModelHandle(InferenceEngine engine, ModelSource source, ModelOptions options, TimeProvider timeProvider)
    {
        _engine = engine;
        _options = options;
        _clock = new Clock(timeProvider);
        Source = source;
    }

    public ModelSource Source { get; }

    public bool IsLoaded => Volatile.Read(ref _loaded) is not null;

    /// <exception cref="ModelLoadException">The file is missing or not a model.</exception>
    public ModelSignature Signature =>
        Volatile.Read(ref _loaded)?.Signature ?? (_signature ??= ModelLoader.ReadSignature(Source, _engine.Settings(_options)));

    public Task<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Volatile.Read(ref _loaded) is { } loaded
            ? loaded.RunAsync(request, cancellationToken)
            : LoadAndRunAsync(new HeldRequest(request), cancellationToken);
    }

    /// <summary>Loads the model, once for all who ask; a failure is not remembered.</summary>
    public async Task<ModelHandle> LoadAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _loaded) is { } loaded) return loaded;
        Task<ModelHandle> loading;
        lock (_gate)
        {
            if (_loading is null || _loading.IsFaulted || _loading.IsCanceled) _loading = Task.Run(() => _engine.LoadAsync(Source, _options, CancellationToken.None), CancellationToken.None);
            loading = _loading;
        }

        loaded = await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _loaded, loaded);
        return loaded;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is null && serviceType.IsInstanceOfType(this)) return this;
        return Volatile.Read(ref _loaded)?.GetService(serviceType, serviceKey);
    }

    public async Task ReplaceAsync(ModelSource source, CancellationToken cancellationToken = default) =>
        await (await LoadAsync(cancellationToken).ConfigureAwait(false)).ReplaceAsync(source, cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose()
    {
    }

    /// <summary>The time that loading takes counts against the deadline.</summary>
    private async Task<InferenceResponse> LoadAndRunAsync(HeldRequest held, CancellationToken cancellationToken)
    {
        using (held)
        {
            var started = _clock.Now;
            var loading = LoadAsync(cancellationToken);
            if ((held.Request.Deadline ?? _options.DefaultDeadline) is { } deadline
                && !await loading.CompletesWithinAsync(deadline > TimeSpan.Zero ? deadline : TimeSpan.Zero, _clock.TimeProvider).ConfigureAwait(false))
            {
                throw Rejection.Create(Source.Id, RejectionReason.DeadlineExceeded);
            }

            var loaded = await loading.ConfigureAwait(false);
            return await loaded.RunAsync(held.Request, TimeSpan.FromTicks(_clock.Now - started), cancellationToken).ConfigureAwait(false);
        }
    }
}
