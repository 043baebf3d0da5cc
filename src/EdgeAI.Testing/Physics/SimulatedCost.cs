namespace EdgeAI.Testing;

/// <summary>What a run of a model asks of a simulated device whose duration follows from compute rates and bandwidth. Immutable.</summary>
public sealed record SimulatedCost
{
    /// <summary>Floating-point operations for one row, a multiplication and an addition counted as two; 0 or more.</summary>
    public double FlopsPerRow { get; init; }

    /// <summary>Bytes of weights that each run reads once, whatever its rows; 0 or more.</summary>
    public double WeightBytes { get; init; }

    /// <summary>Bytes of activations that a run reads and writes for one row; 0 or more.</summary>
    public double ActivationBytesPerRow { get; init; }

    /// <summary>Bytes of device memory that a run takes for one row while it lasts, besides inputs and outputs; 0 or more.</summary>
    public long WorkspaceBytesPerRow { get; init; }

    /// <summary>Nodes of the graph, 0 or more.</summary>
    public int Nodes { get; init; }

    /// <summary>The type of the weights: it picks the compute rate. Default: <see cref="TensorElementType.Float32"/>.</summary>
    public TensorElementType ElementType { get; init; } = TensorElementType.Float32;

    /// <summary>
    /// A rough cost from what every descriptor tells: two operations for each parameter and row, each weight read once, no activations. Right for matrix multiplications,
    /// far too low for convolutions, which use a weight many times.
    /// </summary>
    public static SimulatedCost FromParameters(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new SimulatedCost { FlopsPerRow = 2.0 * model.ParameterCount, WeightBytes = model.WeightBytes, Nodes = model.Operators.Sum(use => use.Count) };
    }
}
