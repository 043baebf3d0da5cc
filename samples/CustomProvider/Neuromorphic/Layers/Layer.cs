namespace EdgeAI.Samples.Neuromorphic.Layers;

/// <summary>One kind of work of the device. Immutable once its synapses are loaded; used by several lanes at once.</summary>
internal abstract class Layer
{
    /// <summary>How many of a node's inputs are activations; the others are synapses.</summary>
    public virtual int Arity => 1;

    /// <summary>Copies the weights out of the model; once, before the first run.</summary>
    public virtual void LoadSynapses()
    {
    }

    /// <summary>The lengths of the output.</summary>
    /// <exception cref="NotSupportedException">The inputs' lengths do not fit: the reason, as a sentence without its full stop.</exception>
    public abstract nint[] Measure(ReadOnlySpan<TensorValue> inputs);

    /// <summary>Writes every element of the output, whose lengths are those that <see cref="Measure"/> gave.</summary>
    public abstract EventCount Propagate(ReadOnlySpan<TensorValue> inputs, TensorValue output);
}
