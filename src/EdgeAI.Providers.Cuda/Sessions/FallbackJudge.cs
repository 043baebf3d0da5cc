using System.Collections.Frozen;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cuda.Libraries;

namespace EdgeAI.Providers.Cuda.Sessions;

/// <summary>
/// Finds the nodes that ONNX Runtime silently left to the CPU. Its own switch against that (<c>session.disable_cpu_ep_fallback</c>) refuses nearly every model
/// of changing shapes, because it counts the arithmetic on shapes, which the CUDA provider hands to the CPU on purpose.
/// </summary>
internal static class FallbackJudge
{
    // What computes shapes: small integers that the CPU has at hand. The CUDA provider has kernels for all of these, so one on the CPU was put there for its
    // data, not for want of a kernel.
    private static readonly FrozenSet<string> _ofShapes = FrozenSet.ToFrozenSet(
        [
            "Shape", "Size", "Gather", "Slice", "Concat", "Unsqueeze", "Squeeze", "Reshape", "Cast", "Range", "Constant", "ConstantOfShape", "Expand", "Identity",
            "Add", "Sub", "Mul", "Div", "Mod", "Min", "Max", "Floor", "Ceil", "Neg", "Abs", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Not", "And", "Or",
            "Where", "ReduceProd", "ReduceMax", "ReduceMin", "ReduceSum", "ScatterND", "ScatterElements", "NonZero", "Tile", "Transpose",
        ],
        StringComparer.Ordinal);

    /// <summary>What runs on the CPU and should not; <see langword="null"/> where all is well.</summary>
    public static Fallback? Find(IReadOnlyList<OnnxNodeAssignment> nodes)
    {
        var onCpu = nodes.Where(node => !CudaProviderNames.Contains(node.ExecutionProvider)).ToArray();
        var isWhole = onCpu.Length == nodes.Count;
        var fallen = isWhole ? onCpu : [.. onCpu.Where(node => node.Domain.Length > 0 || !_ofShapes.Contains(node.OpType))];
        return fallen.Length == 0 ? null : new Fallback([.. fallen.Select(node => node.QualifiedName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], fallen.Length, nodes.Count, isWhole);
    }
}
