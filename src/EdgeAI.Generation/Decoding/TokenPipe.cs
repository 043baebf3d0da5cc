using System.Buffers;
using System.Threading.Tasks.Sources;

namespace EdgeAI.Generation;

/// <summary>
/// Hands tokens from the worker to one reader. Writing never blocks and never runs the reader's code: a reader that waits is woken on a thread of the pool. A steady write
/// allocates nothing; tokens that are not read are held in a pooled array, which no answer can make longer than the context.
/// </summary>
internal sealed class TokenPipe : IValueTaskSource, IThreadPoolWorkItem
{
    private const int InitialLength = 64;

    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _waiting;
    private TokenEntry[] _ring = ArrayPool<TokenEntry>.Shared.Rent(InitialLength);
    private int _first;
    private int _count;
    private bool _isWaiting;
    private bool _isCompleted;
    private bool _isClosed;
    private Exception? _error;

    /// <summary>Tokens that are written and not read.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    /// <summary>Adds a token; dropped where the reader has gone.</summary>
    public void Write(in TokenEntry entry)
    {
        bool wakes;
        lock (_gate)
        {
            if (_isClosed || _isCompleted) return;
            if (_count == _ring.Length) Grow();
            _ring[(_first + _count++) % _ring.Length] = entry;
            wakes = _isWaiting;
            _isWaiting = false;
        }

        if (wakes) Wake();
    }

    /// <summary>Nothing follows. Only the first call counts.</summary>
    /// <param name="error">What the reader gets after the last token; <see langword="null"/> for a proper end.</param>
    public void Complete(Exception? error = null)
    {
        bool wakes;
        lock (_gate)
        {
            if (_isCompleted) return;
            _isCompleted = true;
            _error = error;
            wakes = _isWaiting;
            _isWaiting = false;
        }

        if (wakes) Wake();
    }

    /// <summary>Takes a token where there is one.</summary>
    /// <param name="entry">The token.</param>
    /// <param name="isCompleted">Whether nothing follows.</param>
    /// <param name="error">Why it ended; <see langword="null"/> for a proper end.</param>
    public bool TryRead(out TokenEntry entry, out bool isCompleted, out Exception? error)
    {
        lock (_gate)
        {
            error = null;
            isCompleted = false;
            if (_count > 0)
            {
                entry = _ring[_first];
                _ring[_first] = default;
                _first = (_first + 1) % _ring.Length;
                _count--;
                return true;
            }

            entry = default;
            isCompleted = _isCompleted;
            error = _error;
            return false;
        }
    }

    /// <summary>Waits until there is something to read, or nothing follows. One reader.</summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_count > 0 || _isCompleted || _isClosed) return ValueTask.CompletedTask;
            _waiting.Reset();
            _isWaiting = true;
            return new ValueTask(this, _waiting.Version);
        }
    }

    /// <summary>The reader goes: what is left and what comes is dropped.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            _count = 0;
            ArrayPool<TokenEntry>.Shared.Return(_ring, clearArray: true);
            _ring = [];
        }
    }

    void IThreadPoolWorkItem.Execute() => _waiting.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _waiting.OnCompleted(continuation, state, token, flags);

    // The pipe itself is the work item, so that waking allocates nothing.
    private void Wake() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private void Grow()
    {
        var next = ArrayPool<TokenEntry>.Shared.Rent(2 * _ring.Length);
        for (var i = 0; i < _count; i++) next[i] = _ring[(_first + i) % _ring.Length];
        ArrayPool<TokenEntry>.Shared.Return(_ring, clearArray: true);
        _ring = next;
        _first = 0;
    }
}
