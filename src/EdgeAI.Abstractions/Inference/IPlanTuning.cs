namespace EdgeAI;

/// <summary>
/// How the engine measures a model and chooses lanes, threads and batch size for it. Ask a loaded model's handle for it with
/// <see cref="IModelHandle.GetService"/>. Thread-safe.
/// </summary>
public interface IPlanTuning
{
    /// <summary>The plan in force.</summary>
    ModelPlan Plan { get; }

    /// <summary>Whether nothing is left to measure: the plan stays until the load or the device changes.</summary>
    bool IsSettled { get; }

    /// <summary>
    /// Waits until the plan is settled. Completes at once where measuring is off. A model with dynamic shapes is measured once a request or
    /// <see cref="ModelOptions.ProfileShapes"/> has shown its shapes, and only while the engine is idle.
    /// </summary>
    /// <returns>The plan then in force.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<ModelPlan> WaitUntilSettledAsync(CancellationToken cancellationToken = default);
}
