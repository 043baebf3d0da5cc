using EdgeAI.Requests;

namespace EdgeAI.Sessions;

/// <summary>
/// Stops a lane's run when all of its callers have given up, when it takes too long, or when the lane is aborted. One token source serves run after
/// run until it is cancelled, so that a request with a token costs no allocation.
/// </summary>
internal sealed class RunCancellation : IDisposable
{
    private readonly List<CancellationTokenRegistration> _registrations = [];
    private CancellationTokenSource _source = new();
    private int _callersLeft;
    private volatile bool _isAborted;
    private volatile bool _isOverdue;

    public CancellationToken Token => Volatile.Read(ref _source).Token;

    public bool IsAborted => _isAborted;

    /// <summary>Whether the current run was stopped because it takes too long.</summary>
    public bool IsOverdue => _isOverdue;

    /// <summary>Has this run stopped when every caller has given up. Undone by <see cref="Unlink"/>.</summary>
    public void Link(ReadOnlySpan<InferenceWork> works)
    {
        foreach (var work in works)
        {
            // Somebody who cannot give up keeps the run going.
            if (!work.CancellationToken.CanBeCanceled) return;
        }

        _callersLeft = works.Length;
        foreach (var work in works) _registrations.Add(work.CancellationToken.UnsafeRegister(static state => ((RunCancellation)state!).CallerLeft(), this));
    }

    /// <summary>Ends what <see cref="Link"/> began, waiting for callbacks in progress, and readies the next run.</summary>
    public void Unlink()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _registrations.Clear();
        Renew();
    }

    /// <summary>Stops this run, which takes too long.</summary>
    public void Interrupt()
    {
        _isOverdue = true;
        Cancel();
    }

    /// <summary>The next run has its own time.</summary>
    public void Restart()
    {
        _isOverdue = false;
        Renew();
    }

    /// <summary>Stops this run and every later one.</summary>
    public void Abort()
    {
        _isAborted = true;
        Cancel();
    }

    public void Dispose() => _source.Dispose();

    private void CallerLeft()
    {
        if (Interlocked.Decrement(ref _callersLeft) == 0) Cancel();
    }

    private void Renew()
    {
        if (!_source.IsCancellationRequested || _isAborted) return;
        _source.Dispose();
        var next = new CancellationTokenSource();
        Volatile.Write(ref _source, next);

        // An abort that came in between may have met the source before.
        if (_isAborted) next.Cancel();
    }

    private void Cancel()
    {
        try
        {
            Volatile.Read(ref _source).Cancel();
        }
        catch (ObjectDisposedException)
        {
            // An abort met a source that was just replaced, or a lane that has ended: nothing is left to stop there.
        }
    }
}
