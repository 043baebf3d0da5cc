using EdgeAI.Configuration;
using EdgeAI.Requests;

namespace EdgeAI.Engine;

/// <summary>
/// The models in service: one load for each key, counted by the handles that use it, unloaded with the last.
/// A load is cancelled when everybody who waits for it has given up; a failed load is not remembered. Thread-safe.
/// </summary>
internal sealed class ModelRegistry(ModelLoader loader) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ModelKey, Entry> _entries = [];
    private bool _isClosing;

    /// <summary>The models that are loaded at this moment.</summary>
    public IReadOnlyList<LoadedModel> Loaded
    {
        get
        {
            lock (_gate) return [.. _entries.Values.Where(e => e.Load.IsCompletedSuccessfully).Select(e => e.Load.GetAwaiter().GetResult())];
        }
    }

    public bool IsClosing => _isClosing;

    /// <summary>A loaded model with one more reference; give it back with <see cref="Lease.DisposeAsync"/>.</summary>
    public async Task<Lease> AcquireAsync(ModelSource source, ModelSettings settings, IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = ModelKey.Of(source, settings);
        Entry? entry;
        lock (_gate)
        {
            if (_isClosing) throw Rejection.Create(source.Id, RejectionReason.ShuttingDown);
            if (!_entries.TryGetValue(key, out entry) || entry.Load.IsFaulted || entry.Load.IsCanceled)
            {
                var cancellation = new CancellationTokenSource();
                entry = new Entry(key, cancellation, Task.Run(() => loader.LoadAsync(source, settings, progress, cancellation.Token), CancellationToken.None));
                _entries[key] = entry;
            }

            entry.References++;
        }

        try
        {
            return new Lease(this, entry, await entry.Load.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            await ReleaseAsync(entry).ConfigureAwait(false);
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested) throw Rejection.Create(source.Id, RejectionReason.ShuttingDown);
            throw;
        }
    }

    /// <summary>Admits no more loads, cancels those under way and unloads every model, all at the same time.</summary>
    public async ValueTask DisposeAsync()
    {
        Entry[] entries;
        lock (_gate)
        {
            _isClosing = true;
            entries = [.. _entries.Values];
            _entries.Clear();
        }

        await Task.WhenAll(entries.Select(UnloadAsync)).ConfigureAwait(false);
    }

    private async Task ReleaseAsync(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.References > 0) return;
            if (_entries.TryGetValue(entry.Key, out var current) && current == entry) _entries.Remove(entry.Key);
        }

        await UnloadAsync(entry).ConfigureAwait(false);
    }

    private static async Task UnloadAsync(Entry entry)
    {
        if (!entry.Load.IsCompleted) await entry.Cancellation.CancelAsync().ConfigureAwait(false);
        await ((Task)entry.Load).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (entry.Load.IsCompletedSuccessfully) await (await entry.Load.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>One reference to a loaded model.</summary>
    public sealed class Lease(ModelRegistry registry, Entry entry, LoadedModel model) : IAsyncDisposable
    {
        private int _isDisposed;

        public LoadedModel Model { get; } = model;

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0) await registry.ReleaseAsync(entry).ConfigureAwait(false);
        }
    }

    /// <summary>A model that is loading or loaded.</summary>
    public sealed class Entry(ModelKey key, CancellationTokenSource cancellation, Task<LoadedModel> load)
    {
        public ModelKey Key { get; } = key;

        public CancellationTokenSource Cancellation { get; } = cancellation;

        public Task<LoadedModel> Load { get; } = load;

        public int References { get; set; }
    }
}
