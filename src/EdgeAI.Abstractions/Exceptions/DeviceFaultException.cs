namespace EdgeAI;

/// <summary>A device failed while it ran a request, and no other could take over.</summary>
public sealed class DeviceFaultException : EdgeAIException
{
    /// <summary>Creates an error.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="message">What happened, naming the model and, where known, the node.</param>
    /// <param name="innerException">The cause.</param>
    public DeviceFaultException(string deviceId, string message, Exception? innerException = null)
        : base(message, innerException) => DeviceId = deviceId;

    /// <summary>The device.</summary>
    public string DeviceId { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
