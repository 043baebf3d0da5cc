namespace EdgeAI;

/// <summary>
/// Measures how fast devices are, with small generated models that run as any other does. A singleton; thread-safe: measurements wait for each other.
/// Results are kept in the cache folder, and show in <see cref="IInferenceEngine.GetDevicesAsync"/>. What runs beside a measurement slows both.
/// </summary>
public interface IDeviceEvaluator
{
    /// <summary>The profile of a device: the kept one where it holds what is asked for and was made with the same versions, otherwise a new one.</summary>
    /// <param name="deviceId">The device, such as <c>cpu:0</c>.</param>
    /// <param name="options">What to measure; <see langword="null"/> for a quick measurement, of at most about 15 s.</param>
    /// <param name="cancellationToken">Ends the measuring; nothing is kept.</param>
    /// <exception cref="NoCompatibleDeviceException">There is no such device.</exception>
    /// <exception cref="RequestRejectedException">The engine is shutting down.</exception>
    ValueTask<DeviceProfile> EvaluateAsync(string deviceId, DeviceEvaluationOptions? options = null, CancellationToken cancellationToken = default);
}
