namespace EdgeAI;

/// <summary>How a loaded model is served where requests run unless they name another device. Immutable; ask a handle for it with <see cref="IModelHandle.GetService"/> once the model is loaded.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Lanes">Runs at the same time, 1 or more.</param>
/// <param name="Threads">Threads that one run may use, 1 or more; devices without threads ignore it.</param>
/// <param name="MaxBatch">Requests that may share a run, 1 or more.</param>
public sealed record ModelPlan(string DeviceId, int Lanes, int Threads, int MaxBatch);
