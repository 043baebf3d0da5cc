using EdgeAI.Devices;
using EdgeAI.Diagnostics;
using EdgeAI.Requests;
using EdgeAI.Scheduling;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Sessions;

/// <summary>
/// Runs a batch on one lane and completes its callers. A batch that fails is cut in halves until only the request at fault is alone with its failure; where memory ran out, <see cref="MemoryLadder"/> says what is tried.
/// Used by one lane; not thread-safe.
/// </summary>
internal sealed class BatchExecution(ModelContext model, IDevice device, RoutingDecision routing, LaneRunner runner, LaneSessions sessions) : IDisposable
{
    private readonly string _modelId = model.ModelId;
    private readonly Clock _clock = model.Clock;
    private readonly EngineTelemetry _telemetry = model.Telemetry;
    private readonly ILogger _logger = model.Logger;
    private readonly List<InferenceWork> _present = [];
    private Batch _batch = null!;
    private DeviceFault _fault;
    private bool _isTrimmed;
    private bool _isRebuilt;
    private int _generation;

    /// <summary>Runs the requests and completes each exactly once.</summary>
    public BatchOutcome Run(ReadOnlySpan<InferenceWork> works, Batch batch, RunCancellation cancellation)
    {
        (_batch, _fault, _isTrimmed, _isRebuilt) = (batch, DeviceFault.None, false, false);
        _present.Clear();
        KeepPresent(works, _present);
        if (_present.Count == 0) return default;
        var isWhole = _present.Count == works.Length;
        var outcome = Run(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_present), isWhole ? batch.Predicted : 0, cancellation);

        // What was measured is the duration of fewer rows than the scheduler believes.
        return outcome with { RunTicks = isWhole ? outcome.RunTicks : 0, Fault = _fault };
    }

    public void Dispose() => runner.Dispose();

    private BatchOutcome Run(ReadOnlySpan<InferenceWork> works, long predicted, RunCancellation cancellation)
    {
        var started = _clock.Now;
        _telemetry.RunStarted(routing.DeviceId);
        try
        {
            var answers = RunOnce(works, cancellation);
            var duration = TimeSpan.FromTicks(Math.Max(1, _clock.Now - started));
            Complete(works, answers, started, duration, predicted);
            return new BatchOutcome(duration.Ticks);
        }
        catch (Exception exception)
        {
            _telemetry.RunFailed(routing.DeviceId);
            return Fail(works, exception, predicted, cancellation);
        }
    }

    private TensorValue[][] RunOnce(ReadOnlySpan<InferenceWork> works, RunCancellation cancellation)
    {
        _generation = sessions.Enter();
        try
        {
            return runner.Run(works, cancellation);
        }
        finally
        {
            sessions.Leave();
        }
    }

    private void Complete(ReadOnlySpan<InferenceWork> works, TensorValue[][] answers, long started, TimeSpan duration, long predicted)
    {
        var record = routing.Record(works[0].DeviceId is not null, works[0].AvoidDeviceId, predicted, duration, _batch.Considered, model.Driver.RoutingPolicy);
        _telemetry.RunFinished(_modelId, routing.DeviceId, works.Length, duration, record.Predicted);
        for (var i = 0; i < works.Length; i++)
        {
            var work = works[i];
            var timings = new InferenceTimings(routing.DeviceId, works.Length, TimeSpan.FromTicks(started - work.EnqueuedAt), duration);
            _telemetry.RequestFinished(_modelId, timings);
            work.Complete(new InferenceResponse(work.Outputs.Names, answers[i], timings, record));
        }
    }

    private BatchOutcome Fail(ReadOnlySpan<InferenceWork> works, Exception exception, long predicted, RunCancellation cancellation)
    {
        if (exception is OperationCanceledException || cancellation.IsOverdue || cancellation.IsAborted)
        {
            foreach (var work in works) Stop(work, exception, cancellation);
            if (cancellation.IsOverdue && !cancellation.IsAborted) _fault = DeviceFault.Failed;
            return default;
        }

        var judged = Judge(exception);
        var isDevices = exception is DeviceFaultException or OutOfMemoryException || exception is not (EdgeAIException or InvalidInputException or BatchLengthException);

        // More memory than before: the same run again.
        if (judged == MemoryVerdict.Exhausted && MakeRoom(works, cancellation) is MemoryStep.Trim or MemoryStep.Rebuild) return Run(works, predicted, cancellation);

        // Too little memory for several is no fault: fewer may fit.
        if (isDevices && (works.Length == 1 || judged == MemoryVerdict.Sufficient)) _fault = IsLost() ? DeviceFault.Lost : DeviceFault.Failed;

        // What one device cannot do another may; where memory was short, fewer at once are tried first.
        if (isDevices && (works.Length == 1 || judged == MemoryVerdict.Sufficient) && FailOver(works, exception) is var left && left.Length < works.Length)
        {
            RunPresent(left, cancellation);
            return new BatchOutcome(0, judged);
        }

        if (works.Length > 1)
        {
            if (exception is BatchLengthException wrong)
            {
                Log.WrongBatchLength(_logger, _modelId, wrong.Output, wrong.Actual, wrong.Expected);
                for (var i = 0; i < works.Length; i++) RunPresent(works.Slice(i, 1), cancellation);
                return default;
            }

            var halvesRan = RunHalves(works, cancellation);
            var memory = judged;

            // Not every runtime tells exhausted memory from other failures: one that the halves do not share may have been a matter of size.
            return new BatchOutcome(0, memory == MemoryVerdict.Sufficient && exception is DeviceFaultException && halvesRan ? MemoryVerdict.Suspect : memory);
        }

        works[0].Fail(Typed(exception));
        return new BatchOutcome(0, judged);
    }

    /// <summary>Goes down the ladder to the step after which a run may find memory, and does it where it is here to be done.</summary>
    private MemoryStep MakeRoom(ReadOnlySpan<InferenceWork> works, RunCancellation cancellation)
    {
        while (true)
        {
            var step = MemoryLadder.Next(new MemoryState(works.Length, sessions.IdleBytes, _isTrimmed, _isRebuilt, sessions.MayRenew(_generation), MayMove(works[0]) && model.Driver.HasOtherThan(routing.DeviceId)));
            if (step == MemoryStep.Trim)
            {
                _isTrimmed = true;
                sessions.Trim();

                // Of several, the halves have what was freed.
                if (works.Length == 1) return step;
            }
            else if (step == MemoryStep.Rebuild)
            {
                _isRebuilt = true;
                if (sessions.TryRebuild(_generation, cancellation.Token)) return step;
            }
            else
            {
                return step;
            }
        }
    }

    // One with an order key would be overtaken by those behind it.
    private static bool MayMove(InferenceWork work) => work is { DeviceId: null, AvoidDeviceId: null, OrderKey: null, IsCancelled: false };

    private Exception Typed(Exception exception) => exception as EdgeAIException ?? exception as InvalidInputException as Exception
        ?? new DeviceFaultException(routing.DeviceId, $"{_modelId}: the run on {routing.DeviceId} failed: {exception.Message}", exception);

    /// <summary>Gives those that another device may run to the scheduler again, each once; returns the others.</summary>
    private InferenceWork[] FailOver(ReadOnlySpan<InferenceWork> works, Exception exception)
    {
        if (!model.Driver.HasOtherThan(routing.DeviceId)) return works.ToArray();
        var left = new List<InferenceWork>();
        foreach (var work in works)
        {
            if (!MayMove(work))
            {
                left.Add(work);
                continue;
            }

            var next = work.MoveAwayFrom(routing.DeviceId);
            if (model.Driver.TryFailOver(next)) continue;
            next.Fail(Typed(exception));
            next.Recycle();
        }

        if (left.Count < works.Length) Log.FailedOver(_logger, exception, _modelId, routing.DeviceId, works.Length - left.Count);
        return [.. left];
    }

    private bool IsLost()
    {
        try
        {
            return device.GetStatus().Health == DeviceHealth.Failed;
        }
        catch (Exception)
        {
            // A device that cannot even tell its state is no better than a lost one.
            return true;
        }
    }

    private static MemoryVerdict Judge(Exception exception) =>
        exception is OutOfMemoryException or DeviceFaultException { InnerException: OutOfMemoryException } ? MemoryVerdict.Exhausted : MemoryVerdict.Sufficient;

    private bool RunHalves(ReadOnlySpan<InferenceWork> works, RunCancellation cancellation)
    {
        var middle = works.Length / 2;
        return RunPresent(works[..middle], cancellation) & RunPresent(works[middle..], cancellation);
    }

    private bool RunPresent(ReadOnlySpan<InferenceWork> works, RunCancellation cancellation)
    {
        var present = new List<InferenceWork>(works.Length);
        KeepPresent(works, present);
        return present.Count == 0 || Run(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(present), predicted: 0, cancellation).RunTicks > 0;
    }

    /// <summary>Lists those whose callers still wait, and completes the others.</summary>
    private static void KeepPresent(ReadOnlySpan<InferenceWork> works, List<InferenceWork> present)
    {
        foreach (var work in works)
        {
            if (work.IsCancelled) work.CompleteCancelled();
            else present.Add(work);
        }
    }

    private void Stop(InferenceWork work, Exception exception, RunCancellation cancellation)
    {
        if (work.IsCancelled) work.CompleteCancelled();
        else if (cancellation.IsAborted) work.Fail(Rejection.Create(_modelId, RejectionReason.ShuttingDown));
        else if (cancellation.IsOverdue) work.Fail(Overdue(_modelId, routing.DeviceId, exception));
        else work.Fail(new DeviceFaultException(routing.DeviceId, $"{_modelId}: the run on {routing.DeviceId} stopped by itself.", exception));
    }

    /// <summary>The error of a run that took too long.</summary>
    public static DeviceFaultException Overdue(string modelId, string deviceId, Exception? cause = null) =>
        new(deviceId, $"{modelId}: the run on {deviceId} took longer than ModelOptions.RunTimeout and was given up; the device may hang, or the limit may be too low for this model.", cause);
}
