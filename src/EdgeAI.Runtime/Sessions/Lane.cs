using System.Diagnostics.CodeAnalysis;
using EdgeAI.Diagnostics;
using EdgeAI.Requests;
using EdgeAI.Scheduling;

namespace EdgeAI.Sessions;

/// <summary>
/// An execution slot: a thread and a session binding. Takes the work that the scheduler gives it, runs it and completes
/// the caller. Nothing that a device throws leaves the thread.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The lane's thread disposes what it owns when it ends.")]
internal sealed class Lane : LaneSlot
{
    // Looking this often, about 20 us, covers the gap between two requests of one busy caller; longer gaps must not burn a core.
    // It never yields: on a loaded machine a yielded core comes back after a whole time slice, while a blocked thread is woken at once.
    private static readonly int _looksBeforeBlocking = Environment.ProcessorCount > 1 ? 200 : 0;

    private readonly LaneRunner _runner;
    private readonly SchedulerDriver _driver;
    private readonly Clock _clock;
    private readonly EngineTelemetry _telemetry;
    private readonly RoutingDecision _routing;
    private readonly string _modelId;
    private readonly ManualResetEventSlim _signal = new(false, spinCount: 0);
    private readonly RunCancellation _cancellation = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;

    public Lane(string modelId, RoutingDecision routing, bool acceptsUnpinned, LaneRunner runner, SchedulerDriver driver, Clock clock, EngineTelemetry telemetry)
        : base(routing.DeviceId, acceptsUnpinned)
    {
        _modelId = modelId;
        _routing = routing;
        _runner = runner;
        _driver = driver;
        _clock = clock;
        _telemetry = telemetry;
    }

    /// <summary>Completes when the thread has left its loop and the binding is disposed.</summary>
    public Task Stopped => _stopped.Task;

    public bool IsBusy => Volatile.Read(ref Current) is not null;

    public void Start(int index) =>
        new Thread(Loop) { IsBackground = true, Name = $"EdgeAI lane {index} on {DeviceId}" }.UnsafeStart();

    /// <inheritdoc/>
    public override void Wake() => _signal.Set();

    /// <summary>Leaves the loop after the current work.</summary>
    public void Stop()
    {
        _isStopping = true;
        Wake();
    }

    /// <summary>Asks the device to give up the current run.</summary>
    public void Abort() => _cancellation.Abort();

    private void Loop()
    {
        while (WaitForWork() is { } work)
        {
            var runTicks = Execute(work);
            _driver.Finish(this, runTicks);
            work.Recycle();
        }

        _runner.Dispose();
        _cancellation.Dispose();
        _stopped.TrySetResult();
    }

    private InferenceWork? WaitForWork()
    {
        for (var looks = 0; ; looks++)
        {
            if (Volatile.Read(ref Current) is InferenceWork work) return work;
            if (_isStopping) return null;
            if (looks < _looksBeforeBlocking)
            {
                Thread.SpinWait(2);
                continue;
            }

            _signal.Wait();
            _signal.Reset();
        }
    }

    /// <summary>Runs the work and completes its caller. Returns the ticks of a successful run, 0 otherwise.</summary>
    private long Execute(InferenceWork work)
    {
        var started = _clock.Now;
        _telemetry.RunStarted(DeviceId);
        try
        {
            var outputs = _runner.Run(work, _cancellation);
            var runTicks = Math.Max(1, _clock.Now - started);
            var timings = new InferenceTimings(DeviceId, 1, TimeSpan.FromTicks(started - work.EnqueuedAt), TimeSpan.FromTicks(runTicks));
            _telemetry.RunFinished(_modelId, timings, work.Predicted);
            work.Complete(new InferenceResponse(work.Outputs.Names, outputs, timings, _routing.Record(work, timings.Executed)));
            return runTicks;
        }
        catch (OperationCanceledException) when (work.CancellationToken.IsCancellationRequested)
        {
            _telemetry.RunFailed(DeviceId);
            work.CompleteCancelled();
        }
        catch (OperationCanceledException) when (_cancellation.IsAborted)
        {
            _telemetry.RunFailed(DeviceId);
            work.Fail(Rejection.Create(_modelId, RejectionReason.ShuttingDown));
        }
        catch (Exception exception)
        {
            _telemetry.RunFailed(DeviceId);
            work.Fail(exception as EdgeAIException ?? exception as InvalidInputException as Exception
                ?? new DeviceFaultException(DeviceId, $"{_modelId}: the run on {DeviceId} failed: {exception.Message}", exception));
        }

        return 0;
    }
}
