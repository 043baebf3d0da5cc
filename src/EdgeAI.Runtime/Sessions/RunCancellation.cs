namespace EdgeAI.Sessions;

/// <summary>
/// Stops a lane's run when its caller gives up or the lane is aborted. One token source serves run after run until it is
/// cancelled, so that a request with a token costs no allocation.
/// </summary>
internal sealed class RunCancellation : IDisposable
{
    private CancellationTokenSource _source = new();
    private volatile bool _isAborted;

    public CancellationToken Token => Volatile.Read(ref _source).Token;

    public bool IsAborted => _isAborted;

    /// <summary>Has this run stopped by the caller's token too. Dispose the registration, which waits for a callback in progress, before <see cref="Renew"/>.</summary>
    public CancellationTokenRegistration Link(CancellationToken request) =>
        request.UnsafeRegister(static state => ((RunCancellation)state!).Cancel(), this);

    /// <summary>Stops this run and every later one.</summary>
    public void Abort()
    {
        _isAborted = true;
        Cancel();
    }

    /// <summary>Readies the next run after one that was stopped.</summary>
    public void Renew()
    {
        if (!_source.IsCancellationRequested || _isAborted) return;
        _source.Dispose();
        var next = new CancellationTokenSource();
        Volatile.Write(ref _source, next);

        // An abort that came in between may have met the source before.
        if (_isAborted) next.Cancel();
    }

    public void Dispose() => _source.Dispose();

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
