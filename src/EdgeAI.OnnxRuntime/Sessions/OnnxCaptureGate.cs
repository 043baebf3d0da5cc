namespace EdgeAI.OnnxRuntime;

/// <summary>
/// Keeps the captures of graphs apart from everything else on a GPU: while one thread captures, an allocation by any other may be refused and spoils the capture
/// (CUDA's global capture mode). Runs and loads do not wait for each other, only for a capture; a capture waits for nobody and is tried again later. Thread-safe.
/// </summary>
public sealed class OnnxCaptureGate
{
    private readonly object _gate = new();
    private int _others;
    private int _capturingThread;

    /// <summary>Waits until no capture is under way, and keeps them out until what it returns is disposed.</summary>
    public IDisposable EnterLoading()
    {
        EnterRun();
        return new Pass(this);
    }

    internal void EnterRun()
    {
        lock (_gate)
        {
            // The thread that captures is let through: it runs and frees what it needs for that.
            while (_capturingThread != 0 && _capturingThread != Environment.CurrentManagedThreadId) Monitor.Wait(_gate);
            _others++;
        }
    }

    internal void LeaveRun()
    {
        lock (_gate) _others--;
    }

    /// <summary>Whether nothing else is under way; then nothing else starts until <see cref="LeaveCapture"/>.</summary>
    internal bool TryEnterCapture()
    {
        lock (_gate)
        {
            if (_others > 0 || _capturingThread != 0) return false;
            _capturingThread = Environment.CurrentManagedThreadId;
            return true;
        }
    }

    internal void LeaveCapture()
    {
        lock (_gate)
        {
            _capturingThread = 0;
            Monitor.PulseAll(_gate);
        }
    }

    private sealed class Pass(OnnxCaptureGate gate) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) gate.LeaveRun();
        }
    }
}
