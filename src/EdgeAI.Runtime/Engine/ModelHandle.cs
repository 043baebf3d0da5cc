using EdgeAI.Configuration;
using EdgeAI.Requests;

namespace EdgeAI.Engine;

/// <summary>One caller's reference to a loaded model, which may be replaced under it. Thread-safe.</summary>
internal sealed class ModelHandle : IModelHandle, IReplaceableModel, IDisposable
{
    private readonly ModelRegistry _registry;
    private readonly ModelSettings _settings;
    private readonly SemaphoreSlim _replacing = new(1, 1);
    private ModelRegistry.Lease _lease;
    private volatile bool _isDisposed;

    public ModelHandle(ModelRegistry registry, ModelSettings settings, ModelRegistry.Lease lease)
    {
        _registry = registry;
        _settings = settings;
        _lease = lease;
    }

    public ModelSignature Signature => Current.Model.Signature;

    private ModelRegistry.Lease Current => Volatile.Read(ref _lease);

    public Task<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(request, TimeSpan.Zero, cancellationToken);

    public Task<InferenceResponse> RunAsync(InferenceRequest request, TimeSpan alreadyWaited, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<InferenceResponse>(cancellationToken);
        try
        {
            while (!_isDisposed)
            {
                var lease = Current;
                if (lease.Model.TryRun(request, alreadyWaited, cancellationToken) is { } run) return run;

                // It is closing: either for good, or because another has taken its place.
                if (lease == Current) break;
            }
        }
        catch (InvalidInputException exception)
        {
            return Task.FromException<InferenceResponse>(exception);
        }

        return Task.FromException<InferenceResponse>(Rejection.Create(Current.Model.Id, RejectionReason.ShuttingDown));
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType.IsInstanceOfType(this) ? this : Current.Model.GetService(serviceType);
    }

    public async Task ReplaceAsync(ModelSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        await _replacing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isDisposed) throw Rejection.Create(source.Id, RejectionReason.ShuttingDown);
            var next = await _registry.AcquireAsync(source, _settings, progress: null, cancellationToken).ConfigureAwait(false);
            var difference = SignatureComparison.FindDifference(Signature, next.Model.Signature);
            if (difference is not null)
            {
                await next.DisposeAsync().ConfigureAwait(false);
                throw new ModelLoadException($"it cannot replace {Current.Model.Id}: {difference}. Callers rely on the signature {Signature}.", source.Id);
            }

            var previous = Interlocked.Exchange(ref _lease, next);
            await previous.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _replacing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await _replacing.WaitAsync().ConfigureAwait(false);
        try
        {
            await Current.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _replacing.Release();
        }
    }

    public void Dispose() => SynchronousDisposal.Run(this);
}
