namespace EdgeAI.Devices;

/// <summary>
/// The inputs and outputs of one lane: bind once, run often. A steady run (same tensors bound) allocates nothing.
/// Not thread-safe: one lane uses it.
/// </summary>
/// <remarks>
/// The caller keeps bound tensors alive until another is set in their place or the binding is disposed; bindings do not retain them.
/// Disposing a binding again does nothing; its other members then throw <see cref="ObjectDisposedException"/>. After any error the binding
/// can be used again, with tensors that fit. A binding may implement <see cref="IOutputSelection"/>.
/// </remarks>
public interface ISessionBinding : IDisposable
{
    /// <summary>Binds an input, for this and later runs.</summary>
    /// <param name="index">Its index in <see cref="IDeviceSession.Signature"/>.</param>
    /// <param name="value">A tensor that fits the signature and lies in the session's memory, or in host memory where that is host-accessible.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input.</exception>
    /// <exception cref="InvalidInputException">The tensor does not fit; a device may find out only when it runs.</exception>
    void SetInput(int index, TensorValue value);

    /// <summary>Binds where an output is written, for this and later runs.</summary>
    /// <param name="index">Its index in <see cref="IDeviceSession.Signature"/>.</param>
    /// <param name="value">A tensor of the output's exact shape; <see langword="null"/>: the session allocates a new one in each run.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="InvalidInputException">The tensor does not fit; a device may find out only when it runs.</exception>
    void SetOutput(int index, TensorValue? value);

    /// <summary>
    /// An output of the last run. Where the session allocated it, it is handed over: the caller disposes it, it outlives binding and session,
    /// and the next call for the same run throws. Otherwise it is the tensor that was bound, however often it is asked for.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="InvalidOperationException">There was no successful run, or the output was already handed over.</exception>
    TensorValue GetOutput(int index);

    /// <summary>Runs the model. May block; called from lane threads only.</summary>
    /// <param name="cancellationToken">Asks the device to stop as soon as it can.</param>
    /// <exception cref="OperationCanceledException">The run was stopped by the token.</exception>
    /// <exception cref="InvalidInputException">An input is not bound, or the runtime found the tensors unfit, for example in values that no signature can express.</exception>
    /// <exception cref="DeviceFaultException">The device failed.</exception>
    ValueTask RunAsync(CancellationToken cancellationToken = default);
}
