namespace EdgeAI;

/// <summary>The answer to one request. Owns its outputs: disposing it drops them, so take what you need first. Reading concurrently is safe.</summary>
public sealed class InferenceResponse : IDisposable
{
    private readonly TensorValue[] _outputs;

    /// <summary>Creates an answer and takes over the outputs.</summary>
    /// <param name="outputNames">The names, in order.</param>
    /// <param name="outputs">The tensors, one for each name; not copied.</param>
    /// <param name="timings">How long it took.</param>
    /// <param name="routing">Why it ran where it ran.</param>
    public InferenceResponse(IReadOnlyList<string> outputNames, TensorValue[] outputs, InferenceTimings timings, RoutingRecord routing)
    {
        ArgumentNullException.ThrowIfNull(outputNames);
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputNames.Count != outputs.Length) throw new ArgumentException($"{outputNames.Count} names but {outputs.Length} outputs.", nameof(outputs));
        OutputNames = outputNames;
        _outputs = outputs;
        Timings = timings;
        Routing = routing;
    }

    /// <summary>The outputs that were computed.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>Where the request ran, with how many others, and for how long.</summary>
    public InferenceTimings Timings { get; }

    /// <summary>Why it ran there.</summary>
    public RoutingRecord Routing { get; }

    /// <summary>An output by name; owned by the response.</summary>
    /// <exception cref="KeyNotFoundException">The model has no such output, or it was not asked for.</exception>
    public TensorValue this[string outputName]
    {
        get
        {
            for (var i = 0; i < _outputs.Length; i++)
            {
                if (OutputNames[i] == outputName) return _outputs[i];
            }

            throw new KeyNotFoundException($"The response has no output '{outputName}'; it has {string.Join(", ", OutputNames)}.");
        }
    }

    /// <summary>Drops the outputs.</summary>
    public void Dispose()
    {
        foreach (var output in _outputs) output.Dispose();
    }
}
