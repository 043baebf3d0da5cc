namespace EdgeAI;

/// <summary>The inputs and outputs of a model. Immutable and thread-safe.</summary>
public sealed class ModelSignature
{
    /// <summary>Creates a signature.</summary>
    /// <param name="inputs">The inputs that a caller must give, in the model's order.</param>
    /// <param name="outputs">The outputs, in the model's order.</param>
    public ModelSignature(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs)
    {
        Inputs = [.. inputs];
        Outputs = [.. outputs];
    }

    /// <summary>The inputs that a caller must give, in the model's order.</summary>
    public IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>The outputs, in the model's order.</summary>
    public IReadOnlyList<TensorSpec> Outputs { get; }

    /// <summary>Such as <c>(input float32[n,576], state float32[2,n,128]) -> (output float32[n,1])</c>.</summary>
    public override string ToString() => $"({string.Join(", ", Inputs)}) -> ({string.Join(", ", Outputs)})";
}
