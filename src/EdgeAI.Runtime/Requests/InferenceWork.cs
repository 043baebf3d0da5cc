using System.Diagnostics;
using EdgeAI.Diagnostics;
using EdgeAI.Scheduling;

namespace EdgeAI.Requests;

/// <summary>
/// A request on its way through the engine. It holds a reference to each tensor, and completes its caller exactly once.
/// Reused: <see cref="Recycle"/> gives it back when nobody can see it any more.
/// </summary>
internal sealed class InferenceWork : WorkItem
{
    private readonly InferenceWorkPool _pool;
    private volatile TaskCompletionSource<InferenceResponse>? _completion;
    private volatile bool _isDetached;
    private CancellationTokenRegistration _registration;
    private Activity? _activity;

    public InferenceWork(InferenceWorkPool pool, ModelSignature signature)
    {
        _pool = pool;
        Inputs = new TensorValue?[signature.Inputs.Count];
        Destinations = new TensorValue?[signature.Outputs.Count];
        Outputs = OutputSelection.None;
    }

    /// <summary>One for each input of the signature; retained.</summary>
    public TensorValue?[] Inputs { get; }

    /// <summary>Where outputs are written in place, one for each output of the signature, mostly <see langword="null"/>; retained.</summary>
    public TensorValue?[] Destinations { get; }

    /// <summary>Whether the host can copy rows into every destination.</summary>
    public bool HasReachableDestinations
    {
        get
        {
            foreach (var destination in Destinations)
            {
                if (destination is { IsHostAccessible: false }) return false;
            }

            return true;
        }
    }

    /// <summary>The outputs to compute.</summary>
    public OutputSelection Outputs { get; set; }

    /// <summary>Prepares for submission. The cancellation is registered before the scheduler knows the work; see <see cref="SchedulerDriver.TrySubmit"/>.</summary>
    public Task<InferenceResponse> Begin(CancellationToken cancellationToken)
    {
        _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationToken = cancellationToken;
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static state => ((InferenceWork)state!).Withdraw(), this);
        }

        _activity = EngineActivity.Start(_pool.ModelId);
        return _completion.Task;
    }

    /// <summary>The length to cut outputs back to; 0 where the inputs were not filled up.</summary>
    public nint UnfilledLength { get; set; }

    /// <summary>
    /// Another object that goes on for this caller, on another device than the one that failed: it has the tensors, the completion and the place in the queue. This one is left empty, for its lane to recycle.
    /// </summary>
    public InferenceWork MoveAwayFrom(string deviceId)
    {
        var next = _pool.Rent();
        for (var i = 0; i < Inputs.Length; i++) (next.Inputs[i], Inputs[i]) = (Inputs[i], null);
        for (var i = 0; i < Destinations.Length; i++) (next.Destinations[i], Destinations[i]) = (Destinations[i], null);
        (next.Outputs, next.UnfilledLength) = (Outputs, UnfilledLength);
        (next.Level, next.EnqueuedAt, next.Deadline, next.Sequence) = (Level, EnqueuedAt, Deadline, Sequence);
        (next.DeviceId, next.OrderKey) = (null, null);
        (next.Shape, next.Rows, next.IsStackable, next.AvoidDeviceId) = (Shape, Rows, IsStackable, deviceId);
        (next._activity, _activity) = (_activity, null);
        (next._completion, _completion) = (_completion, null);
        next.CancellationToken = CancellationToken;
        if (CancellationToken.CanBeCanceled) next._registration = CancellationToken.UnsafeRegister(static state => ((InferenceWork)state!).Withdraw(), next);
        return next;
    }

    /// <summary>Whether the caller has given it up.</summary>
    public bool IsCancelled => CancellationToken.IsCancellationRequested;

    /// <summary>Its inputs were copied: a cancellation from now on completes the caller at once, whatever the run does.</summary>
    public void Detach()
    {
        _isDetached = true;
        if (IsCancelled) CompleteCancelled();
    }

    /// <summary>Answers the caller, who then owns the response; one who has left meanwhile gets nothing.</summary>
    public void Complete(InferenceResponse response)
    {
        EngineActivity.Complete(_activity, response.Timings);
        if (!_completion!.TrySetResult(response)) response.Dispose();
    }

    public void Fail(Exception exception)
    {
        EngineActivity.Fail(_activity, exception);
        _completion?.TrySetException(exception);
    }

    /// <summary>Completes as rejected. The work may be recycled when this returns.</summary>
    public override void Reject(in Refusal refusal)
    {
        if (refusal.Fault is { } fault)
        {
            Fail(new DeviceFaultException(fault.DeviceId, fault.Message, fault));
        }
        else
        {
            _pool.Telemetry.Rejected(_pool.ModelId, refusal.Reason);
            Fail(Rejection.Create(_pool.ModelId, refusal));
        }

        Recycle();
    }

    /// <inheritdoc/>
    public override void Abandon(Exception reason) => Fail(reason);

    /// <summary>Completes as cancelled by its caller. The work may be recycled when this returns.</summary>
    public override void Cancel()
    {
        CompleteCancelled();
        Recycle();
    }

    /// <summary>Completes as cancelled by its caller; the lane that ran it recycles it.</summary>
    public void CompleteCancelled()
    {
        EngineActivity.Cancel(_activity);
        _completion?.TrySetCanceled(CancellationToken);
    }

    /// <summary>Drops the tensors, and gives the object back for reuse unless a late cancellation still looks at it.</summary>
    public void Recycle()
    {
        // Cheaper than Dispose, which would wait for a callback that runs now.
        var isUnseen = !CancellationToken.CanBeCanceled || _registration.Unregister();
        Drop(Inputs);
        Drop(Destinations);
        _registration = default;
        _completion = null;
        _isDetached = false;
        UnfilledLength = 0;
        AvoidDeviceId = null;
        Shape = null!;
        _activity?.Dispose();
        _activity = null;
        CancellationToken = default;
        if (isUnseen) _pool.Return(this);
    }

    private static void Drop(TensorValue?[] tensors)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i]?.Release();
            tensors[i] = null;
        }
    }

    private void Withdraw()
    {
        _pool.Driver.Cancel(this);
        if (_isDetached) CompleteCancelled();
    }
}
