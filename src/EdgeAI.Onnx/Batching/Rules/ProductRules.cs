using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Matrix products: the rows may be a matrix's own rows or columns, or lie along an axis that counts matrices, but are never summed over.</summary>
internal static class ProductRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("MatMul", new BatchRule(step => Multiply(step, 0, 1))),
        ("MatMulInteger", new BatchRule(step => MultiplyQuantized(step, 0, 1, [2], [3], []))),
        ("QLinearMatMul", new BatchRule(step => MultiplyQuantized(step, 0, 3, [1, 2], [4, 5], [6, 7]))),
        ("Gemm", new BatchRule(Gemm)),
        ("Einsum", new BatchRule(EinsteinSum.Apply)),
    ];

    /// <summary>The product of two inputs, each perhaps with its last two axes swapped.</summary>
    public static void Multiply(NodeStep step, int left, int right, bool swapLeft = false, bool swapRight = false)
    {
        if (!step.TryInput(left, out var a) || !step.TryInput(right, out var b)) return;
        var shapeA = Swap(a.Shape!.Value, swapLeft);
        var shapeB = Swap(b.Shape!.Value, swapRight);
        if (shapeA.IsEmpty || shapeB.IsEmpty)
        {
            step.Refuse("multiplies a scalar as a matrix");
            return;
        }

        var rows = shapeA.Length > 1 ? shapeA[^2] : (Term?)null;
        var columns = shapeB.Length > 1 ? shapeB[^1] : (Term?)null;
        var contracted = shapeB.Length > 1 ? shapeB[^2] : shapeB[^1];
        if (shapeA[^1].HasRows || contracted.HasRows)
        {
            step.Refuse($"sums over the rows of '{step.NameOf(shapeA[^1].HasRows ? left : right)}'");
            return;
        }

        if (Broadcasting.Combine(step, Outer(shapeA), Outer(shapeB)) is not { } outer) return;
        step.SetShape(0, [.. outer.Shape!.Value, .. rows is { } r ? [r] : ImmutableArray<Term>.Empty, .. columns is { } c ? [c] : ImmutableArray<Term>.Empty]);
    }

    /// <summary>As <see cref="Multiply"/>, with scales and zero points: one number each for what has rows, for the rows are not to have their own.</summary>
    public static void MultiplyQuantized(NodeStep step, int left, int right, ReadOnlySpan<int> ofLeft, ReadOnlySpan<int> ofRight, ReadOnlySpan<int> ofBoth)
    {
        if (!step.TryInput(left, out var a) || !step.TryInput(right, out var b)) return;
        if (AreHarmless(step, ofLeft, a.HasRows) && AreHarmless(step, ofRight, b.HasRows) && AreHarmless(step, ofBoth, a.HasRows || b.HasRows)) Multiply(step, left, right);
    }

    private static bool AreHarmless(NodeStep step, ReadOnlySpan<int> parameters, bool scaleRows)
    {
        foreach (var parameter in parameters)
        {
            if (!step.RequireShared(parameter, 1)) return false;
            if (!step.HasInput(parameter) || !scaleRows || step.Inputs[parameter]!.Shape is { } shape && shape.All(length => length.Is(1))) continue;
            step.Refuse($"scales by several numbers in '{step.NameOf(parameter)}'");
            return false;
        }

        return true;
    }

    /// <summary>A product of two matrices, plus a third that is broadcast.</summary>
    public static void Gemm(NodeStep step)
    {
        if (!step.TryInput(0, out var a) || !step.TryInput(1, out var b)) return;
        if (a.Rank != 2 || b.Rank != 2)
        {
            step.Refuse("multiplies tensors that are not matrices");
            return;
        }

        Multiply(step, 0, 1, step.Flag("transA"), step.Flag("transB"));
        if (step.Output(0) is not { } product || !step.HasInput(2)) return;
        if (!step.IsShared && Broadcasting.Combine(step, product, step.Inputs[2]) is { } sum && (sum.Rank != 2 || sum.Axis != product.Axis)) step.Refuse($"adds '{step.NameOf(2)}', whose rows are others");
    }

    private static BatchValue Outer(ImmutableArray<Term> shape) => BatchValue.Shaped(shape.Length > 2 ? shape[..^2] : [])!;

    private static ImmutableArray<Term> Swap(ImmutableArray<Term> shape, bool swaps) => swaps && shape.Length > 1 ? [.. shape[..^2], shape[^1], shape[^2]] : shape;
}
