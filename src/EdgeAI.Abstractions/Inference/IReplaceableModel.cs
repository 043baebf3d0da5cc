namespace EdgeAI;

/// <summary>
/// Replaces a model while it serves: ask a handle for it with <see cref="IModelHandle.GetService"/>. Thread-safe.
/// </summary>
public interface IReplaceableModel
{
    /// <summary>
    /// Loads another model and sends every later request to it. Requests that the old one has accepted are still answered by it,
    /// after which it is unloaded.
    /// </summary>
    /// <param name="source">The new model; its inputs and outputs must have the same names, types and ranks.</param>
    /// <param name="cancellationToken">Cancels the load; the old model keeps serving.</param>
    /// <exception cref="ModelLoadException">The new model cannot be loaded or has another signature; the old one keeps serving.</exception>
    Task ReplaceAsync(ModelSource source, CancellationToken cancellationToken = default);
}
