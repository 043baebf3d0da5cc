namespace EdgeAI;

/// <summary>
/// Tells where the engine would run a model, and why, without loading or running it: by the same policy, shown the same figures of the same devices as for the first request once all of them have joined.
/// Registered by <c>AddEdgeAI</c>. Thread-safe, without side effects on devices.
/// </summary>
public interface IRoutingExplainer
{
    /// <summary>Explains one run.</summary>
    /// <param name="model">The model; stays the caller's.</param>
    /// <param name="options">How it would be loaded; <see langword="null"/>: all defaults.</param>
    /// <param name="inputLengths">Lengths of the axes by the input's name; inputs left out are taken as the model declares them.</param>
    /// <param name="cancellationToken">Ends the wait for devices to be found.</param>
    /// <exception cref="ArgumentException">A name is no input, or the number of axes is not what the model declares.</exception>
    /// <exception cref="ModelLoadException">There is no routing policy of the name that the options give.</exception>
    /// <exception cref="RequestRejectedException">The engine is shutting down.</exception>
    ValueTask<RoutingExplanation> ExplainAsync(ModelDescriptor model, ModelOptions? options = null, IReadOnlyDictionary<string, nint[]>? inputLengths = null, CancellationToken cancellationToken = default);
}
