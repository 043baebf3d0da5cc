namespace EdgeAI.OnnxRuntime;

/// <summary>Whether a binding is idle, runs or is disposed. Disposing it while it runs takes effect at the end of the run. Thread-safe.</summary>
/// <param name="binding">The binding, named in errors.</param>
/// <param name="free">Frees it; called once.</param>
internal sealed class BindingUse(object binding, Action free)
{
    private const int Idle = 0, Running = 1, Disposed = 2, DisposedWhileRunning = 3;

    private int _state;

    public void Enter()
    {
        var before = Interlocked.CompareExchange(ref _state, Running, Idle);
        if (before != Idle) ThrowNotIdle(before);
    }

    public void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Running) != Running) free();
    }

    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _state, Disposed, Idle) == Idle) free();
        else Interlocked.CompareExchange(ref _state, DisposedWhileRunning, Running);
    }

    public void ThrowIfNotIdle()
    {
        var state = Volatile.Read(ref _state);
        if (state != Idle) ThrowNotIdle(state);
    }

    private void ThrowNotIdle(int state)
    {
        ObjectDisposedException.ThrowIf(state != Running, binding);
        throw new InvalidOperationException("The binding is running; each lane needs a binding of its own.");
    }
}
