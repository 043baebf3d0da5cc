namespace EdgeAI;

/// <summary>Loads models and knows the devices. A thread-safe singleton; disposing it drains and unloads every model.</summary>
public interface IInferenceEngine : IAsyncDisposable
{
    /// <summary>The devices found on this machine, with their measurements and current state. The first call probes; a failed probe is not remembered.</summary>
    /// <exception cref="RequestRejectedException">The engine is shutting down.</exception>
    ValueTask<IReadOnlyList<DeviceSnapshot>> GetDevicesAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads, checks and opens a model. Loading a source again with the same options shares the loaded model and counts a reference.</summary>
    /// <param name="source">The model.</param>
    /// <param name="options">How to serve it; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the load; nothing stays half-loaded.</param>
    /// <returns>A handle that the caller disposes.</returns>
    /// <exception cref="ModelLoadException">The model is missing, malformed, refused, or uses an operator that nothing here knows.</exception>
    /// <exception cref="NoCompatibleDeviceException">No device can take it.</exception>
    /// <exception cref="RequestRejectedException">The engine is shutting down.</exception>
    ValueTask<IModelHandle> LoadModelAsync(ModelSource source, ModelOptions? options = null, CancellationToken cancellationToken = default);
}
