using EdgeAI.Diagnostics;
using EdgeAI.Requests;
using EdgeAI.Scheduling;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Sessions;

/// <summary>
/// Runs a batch on one lane and completes its callers. A batch that fails is cut in halves until only the request at fault is alone with its failure.
/// Used by one lane; not thread-safe.
/// </summary>
internal sealed class BatchExecution(string modelId, RoutingDecision routing, LaneRunner runner, Clock clock, EngineTelemetry telemetry, ILogger logger) : IDisposable
{
    private readonly List<InferenceWork> _present = [];

    /// <summary>Runs the requests and completes each exactly once.</summary>
    public BatchOutcome Run(ReadOnlySpan<InferenceWork> works, Batch batch, RunCancellation cancellation)
    {
        _present.Clear();
        KeepPresent(works, _present);
        if (_present.Count == 0) return default;
        var isWhole = _present.Count == works.Length;
        var outcome = Run(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_present), isWhole ? batch.Predicted : 0, cancellation);

        // What was measured is the duration of fewer rows than the scheduler believes.
        return isWhole ? outcome : outcome with { RunTicks = 0 };
    }

    public void Dispose() => runner.Dispose();

    private BatchOutcome Run(ReadOnlySpan<InferenceWork> works, long predicted, RunCancellation cancellation)
    {
        var started = clock.Now;
        telemetry.RunStarted(routing.DeviceId);
        try
        {
            var answers = runner.Run(works, cancellation);
            var duration = TimeSpan.FromTicks(Math.Max(1, clock.Now - started));
            Complete(works, answers, started, duration, predicted);
            return new BatchOutcome(duration.Ticks);
        }
        catch (Exception exception)
        {
            telemetry.RunFailed(routing.DeviceId);
            return Fail(works, exception, cancellation);
        }
    }

    private void Complete(ReadOnlySpan<InferenceWork> works, TensorValue[][] answers, long started, TimeSpan duration, long predicted)
    {
        var record = routing.Record(works[0].DeviceId is not null, predicted, duration);
        telemetry.RunFinished(modelId, routing.DeviceId, works.Length, duration, record.Predicted);
        for (var i = 0; i < works.Length; i++)
        {
            var work = works[i];
            var timings = new InferenceTimings(routing.DeviceId, works.Length, TimeSpan.FromTicks(started - work.EnqueuedAt), duration);
            telemetry.RequestFinished(modelId, timings);
            work.Complete(new InferenceResponse(work.Outputs.Names, answers[i], timings, record));
        }
    }

    private BatchOutcome Fail(ReadOnlySpan<InferenceWork> works, Exception exception, RunCancellation cancellation)
    {
        if (exception is OperationCanceledException || cancellation.IsOverdue || cancellation.IsAborted)
        {
            foreach (var work in works) Stop(work, exception, cancellation);
            return default;
        }

        if (works.Length > 1)
        {
            if (exception is BatchLengthException wrong)
            {
                Log.WrongBatchLength(logger, modelId, wrong.Output, wrong.Actual, wrong.Expected);
                for (var i = 0; i < works.Length; i++) RunPresent(works.Slice(i, 1), cancellation);
                return default;
            }

            var halvesRan = RunHalves(works, cancellation);

            var memory = Judge(exception);

            // Not every runtime tells exhausted memory from other failures: one that the halves do not share may have been a matter of size.
            return new BatchOutcome(0, memory == MemoryVerdict.Sufficient && exception is DeviceFaultException && halvesRan ? MemoryVerdict.Suspect : memory);
        }

        works[0].Fail(exception as EdgeAIException ?? exception as InvalidInputException as Exception
            ?? new DeviceFaultException(routing.DeviceId, $"{modelId}: the run on {routing.DeviceId} failed: {exception.Message}", exception));
        return new BatchOutcome(0, Judge(exception));
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
        else if (cancellation.IsAborted) work.Fail(Rejection.Create(modelId, RejectionReason.ShuttingDown));
        else if (cancellation.IsOverdue) work.Fail(Overdue(modelId, routing.DeviceId, exception));
        else work.Fail(new DeviceFaultException(routing.DeviceId, $"{modelId}: the run on {routing.DeviceId} stopped by itself.", exception));
    }

    /// <summary>The error of a run that took too long.</summary>
    public static DeviceFaultException Overdue(string modelId, string deviceId, Exception? cause = null) =>
        new(deviceId, $"{modelId}: the run on {deviceId} took longer than ModelOptions.RunTimeout and was given up; the device may hang, or the limit may be too low for this model.", cause);
}
