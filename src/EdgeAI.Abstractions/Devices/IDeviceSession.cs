namespace EdgeAI.Devices;

/// <summary>
/// A model loaded on a device. Thread-safe; disposed after all its bindings. Disposing it again does nothing. A session may implement
/// <see cref="IServiceProvider"/>, which then answers for optional capabilities such as the runtime's own session object.
/// </summary>
public interface IDeviceSession : IAsyncDisposable
{
    /// <summary>Inputs and outputs, in the order of the binding's indexes.</summary>
    ModelSignature Signature { get; }

    /// <summary>Where the session's tensors live.</summary>
    IDeviceMemory Memory { get; }

    /// <summary>How many bindings may run at the same time, 1 or more.</summary>
    int MaxConcurrentRuns { get; }

    /// <summary>Creates a binding, one for each lane; the caller disposes it. There may be more of them than may run at once.</summary>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    ISessionBinding CreateBinding();
}
