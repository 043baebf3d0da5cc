namespace EdgeAI.Onnx;

/// <summary>
/// What one node computes and moves in one run. Counts are exact up to 2^53 and saturate beyond as floating-point numbers do.
/// Where the node is a product of matrices, or can be written as one, its measures are given: <see cref="Groups"/> products of
/// <see cref="Rows"/> x <see cref="Depth"/> by <see cref="Depth"/> x <see cref="Columns"/>. Immutable.
/// </summary>
public sealed record NodeCost
{
    /// <summary>The node as in messages, such as <c>Conv 'conv1'</c>.</summary>
    public required string Node { get; init; }

    /// <summary>The operator's domain; empty for ONNX's own.</summary>
    public required string Domain { get; init; }

    /// <summary>The operator.</summary>
    public required string OpType { get; init; }

    /// <summary>What sort of work it is.</summary>
    public required OperatorFamily Family { get; init; }

    /// <summary>Of the weights of a product as they are stored, of the first input elsewhere; <see cref="TensorElementType.Undefined"/> where unknown.</summary>
    public TensorElementType ElementType { get; init; }

    /// <summary>Multiplications and additions, each counted as one; every other function of an element counts as one too.</summary>
    public double Flops { get; init; }

    /// <summary>Bytes of constants that it reads.</summary>
    public double WeightBytes { get; init; }

    /// <summary>Bytes of other values that it reads.</summary>
    public double BytesRead { get; init; }

    /// <summary>Bytes that it writes.</summary>
    public double BytesWritten { get; init; }

    /// <summary>Rows of the left matrix; for a convolution, places of its window; 0 where it is no product.</summary>
    public double Rows { get; init; }

    /// <summary>Columns of the right matrix; for a convolution, output channels of a group; 0 where it is no product.</summary>
    public double Columns { get; init; }

    /// <summary>What is summed over; for a convolution, the elements under the window in a group; 0 where it is no product.</summary>
    public double Depth { get; init; }

    /// <summary>Products of that size: matrices of a batch, groups of a convolution, attention heads; 0 where it is no product.</summary>
    public double Groups { get; init; }

    /// <summary>Elements of a convolution's window in one channel: 1 where it is pointwise; 0 where it is no convolution.</summary>
    public double Window { get; init; }

    /// <summary>Products that wait for each other: the steps of a recurrent layer; 1 elsewhere.</summary>
    public double Steps { get; init; } = 1;

    /// <summary>Whether it works on the result of a product, or of a node like it, that nothing else uses: runtimes compute both in one go.</summary>
    public bool FollowsProduct { get; init; }

    /// <summary>Whether it leaves the elements where they are and only says how they are to be seen.</summary>
    public bool IsView { get; init; }

    /// <summary>Such as <c>Conv 'conv1': 236,027,904 flops</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Node}: {Flops:N0} flops");
}
