using System.Diagnostics.CodeAnalysis;
using EdgeAI.Devices;

namespace EdgeAI.Generation;

/// <summary>The one thread of a loaded model: steps the engine as long as there is something to do, and sleeps otherwise. It is there to be blocked by the decoder's runs.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The thread disposes what it owns when it ends; an event whose wait handle is never asked for holds nothing.")]
internal sealed class DecodingWorker
{
    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(100);

    private readonly DecodingEngine _engine;
    private readonly CoreHolder _cores;
    private readonly IThreadPreparation? _preparation;
    private readonly ManualResetEventSlim _signal = new(false, spinCount: 0);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;
    private volatile bool _isAborting;

    /// <param name="engine">Owned by the worker: disposed on its thread.</param>
    /// <param name="broker">Lends the cores.</param>
    /// <param name="estimate">How many cores, of which device.</param>
    /// <param name="clock">The time.</param>
    /// <param name="preparation">Readies the thread; <see langword="null"/> for a device that needs nothing of the kind.</param>
    public DecodingWorker(DecodingEngine engine, IDeviceBroker broker, WorkloadEstimate estimate, GenerationClock clock, IThreadPreparation? preparation)
    {
        _engine = engine;
        _cores = new CoreHolder(broker, estimate, clock, _signal.Set);
        _preparation = preparation;
        engine.Woken = _signal.Set;
    }

    /// <summary>Completes when the thread has ended and the engine is disposed.</summary>
    public Task Stopped => _stopped.Task;

    public void Start(string name) => new Thread(Loop) { IsBackground = true, Name = name }.UnsafeStart();

    /// <summary>Takes nothing in any more, and ends when what is in progress has.</summary>
    public void Stop()
    {
        _isStopping = true;
        _signal.Set();
    }

    /// <summary>Ends what is in progress, and then itself.</summary>
    public void Abort()
    {
        _isAborting = true;
        _engine.CancelRun();
        Stop();
    }

    private void Loop()
    {
        _preparation?.PrepareThread();
        while (true)
        {
            try
            {
                if (_isStopping) _engine.Close();
                if (_isAborting) _engine.CancelRun();
                if (_engine.HasWork) Work();
                else if (_isStopping) break;
                else Sleep();
            }
            catch (Exception e)
            {
                // Whatever it was, those in progress learn of it and the next ones get their chance; unless there will be no cores any more.
                if (e is RequestRejectedException) _engine.Close();
                _engine.EndActive(e);
            }
        }

        _cores.Dispose();
        _engine.Dispose();
        _stopped.TrySetResult();
    }

    private void Work()
    {
        if (_cores.TryHold())
        {
            _engine.Step();
            return;
        }

        // Those who wait can still be cancelled, or be too late.
        _engine.Sweep();
        _signal.Wait(_longestWait);
        _signal.Reset();
    }

    private void Sleep()
    {
        _cores.Return();
        _signal.Wait();
        _signal.Reset();
    }
}
