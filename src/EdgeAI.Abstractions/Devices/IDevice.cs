namespace EdgeAI.Devices;

/// <summary>One device. Thread-safe; owned by the engine, which disposes it after all its sessions. Disposing it again does nothing.</summary>
public interface IDevice : IAsyncDisposable
{
    /// <summary>Facts.</summary>
    DeviceInfo Info { get; }

    /// <summary>State at this moment. Cheap: called often.</summary>
    DeviceStatus GetStatus();

    /// <summary>How much of the model the device can run, judged without loading it.</summary>
    DeviceSupport Evaluate(ModelDescriptor model);

    /// <summary>Loads the model. Retain the descriptor if its files are needed after the call.</summary>
    /// <exception cref="ModelLoadException">The device's runtime refuses the model; <see cref="ModelLoadException.UnknownOperator"/> set where an operator is the reason.</exception>
    /// <exception cref="DeviceFaultException">The device failed.</exception>
    /// <exception cref="OperationCanceledException">The opening was stopped by the token.</exception>
    /// <exception cref="ObjectDisposedException">The device is disposed.</exception>
    ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default);
}
