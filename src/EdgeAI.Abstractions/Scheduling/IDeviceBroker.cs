namespace EdgeAI;

/// <summary>
/// Lends parts of devices to work that the engine does not schedule itself, such as text generation, so that it and the engine's lanes
/// together never use more cores or memory than there are. Registered by <c>AddEdgeAI</c>. Thread-safe.
/// </summary>
public interface IDeviceBroker
{
    /// <summary>Waits until a device has the memory and the cores that are needed. Leases of one device are served in order of arrival.</summary>
    /// <param name="estimate">What is needed.</param>
    /// <param name="cancellationToken">Gives up the place in the queue.</param>
    /// <returns>A lease that the caller disposes. Do not wait for a second lease while holding one: two that do so may wait for each other. Only memory alone may be held while waiting for cores alone, as <see cref="WorkloadEstimate.HeldMemory"/> tells.</returns>
    /// <exception cref="ArgumentException"><see cref="WorkloadEstimate.MinCores"/> is more than <see cref="WorkloadEstimate.Cores"/>, or <see cref="WorkloadEstimate.MinMemoryBytes"/> than <see cref="WorkloadEstimate.MemoryBytes"/>.</exception>
    /// <exception cref="NoCompatibleDeviceException">No such device is here, or none has so much even when nobody else uses it. Thrown without waiting.</exception>
    /// <exception cref="RequestRejectedException">The engine is shutting down.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<DeviceLease> LeaseAsync(WorkloadEstimate estimate, CancellationToken cancellationToken = default);
}
