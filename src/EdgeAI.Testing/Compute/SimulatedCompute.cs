namespace EdgeAI.Testing;

/// <summary>What a simulated model answers.</summary>
/// <param name="inputs">The inputs in the signature's order, readable by the host; valid during the call and not to be disposed.</param>
/// <returns>
/// One tensor for each output in the signature's order, in host memory. Its elements are copied; then the session disposes it,
/// unless it is one of the inputs.
/// </returns>
/// <remarks>Called by several threads at once where several bindings run.</remarks>
public delegate IReadOnlyList<TensorValue> SimulatedCompute(IReadOnlyList<TensorValue> inputs);
