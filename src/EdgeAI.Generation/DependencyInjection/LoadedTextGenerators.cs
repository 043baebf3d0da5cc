namespace EdgeAI.Generation;

/// <summary>The generators that a container has loaded: each once, whoever asks, and disposed with the container. Thread-safe.</summary>
internal sealed class LoadedTextGenerators(ITextGeneratorLoader loader) : IAsyncDisposable, IDisposable
{
    private readonly Dictionary<string, Task<ITextGenerator>> _loads = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <summary>Loads a model, once for all who ask; a failure is not remembered.</summary>
    /// <param name="key">The model's key.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="options">Its options.</param>
    /// <param name="cancellationToken">Ends the wait; others may still want the model, so that the load goes on.</param>
    public Task<ITextGenerator> LoadAsync(string key, string folder, TextGeneratorOptions options, CancellationToken cancellationToken)
    {
        Task<ITextGenerator>? load;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_loads.TryGetValue(key, out load) || load.IsFaulted || load.IsCanceled)
            {
                _loads[key] = load = Task.Run(() => loader.LoadAsync(folder, options, _ended.Token).AsTask(), CancellationToken.None);
            }
        }

        return load.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var load in End())
        {
            if (await CompletedAsync(load).ConfigureAwait(false) is { } generator) await generator.DisposeAsync().ConfigureAwait(false);
        }

        _ended.Dispose();
    }

    public void Dispose()
    {
        // A container that is disposed synchronously has no other way; loading runs on threads of its own.
        foreach (var load in End()) CompletedAsync(load).GetAwaiter().GetResult()?.Dispose();
        _ended.Dispose();
    }

    private Task<ITextGenerator>[] End()
    {
        lock (_gate)
        {
            if (_disposed) return [];
            _disposed = true;
        }

        _ended.Cancel();
        return [.. _loads.Values];
    }

    private static async Task<ITextGenerator?> CompletedAsync(Task<ITextGenerator> load)
    {
        await ((Task)load).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return load.IsCompletedSuccessfully ? await load.ConfigureAwait(false) : null;
    }
}
