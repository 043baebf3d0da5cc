using System.Collections.Immutable;
using EdgeAI.Onnx;

namespace EdgeAI.Evaluation;

/// <summary>A small graph and how it is timed: opened once, run at each of its points. Immutable.</summary>
/// <param name="Family">What it is for.</param>
/// <param name="Name">What is measured, such as <c>gemm int4</c>; unique together with the threads.</param>
/// <param name="Build">Makes the graph, whose only symbol is <see cref="ProbeGraphs.Rows"/>.</param>
/// <param name="Points">What is timed, in this order.</param>
internal sealed record Probe(ProbeFamily Family, string Name, Func<OnnxModel> Build, ImmutableArray<ProbePoint> Points)
{
    /// <summary>Threads of its session, 1 or more.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Plain nodes that each of its nodes runs inside itself.</summary>
    public int InnerNodes { get; init; }

    /// <summary>Whether the session makes the outputs anew in each run, as it does for requests, instead of writing them in place.</summary>
    public bool LetsSessionAllocate => Family is ProbeFamily.Chain or ProbeFamily.NodeCost;

    /// <summary>Of the weights, where the family is a product.</summary>
    public TensorElementType ElementType { get; init; } = TensorElementType.Float32;

    /// <summary>How long it is timed and when that is enough.</summary>
    public SamplingRules Sampling { get; init; } = SamplingRules.Quick;
}
