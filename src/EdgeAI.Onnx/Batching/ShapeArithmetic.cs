using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// Computes small tensors of numbers, as exporters use them to make shapes: of <c>Shape</c>, <c>Gather</c>, <c>Mul</c> and <c>Concat</c> remains
/// "four times the rows, 64". What is not followed becomes a new symbol, unless it would change with the number of rows: then there is no result.
/// </summary>
internal static class ShapeArithmetic
{
    /// <summary>The outputs of a node; <see langword="null"/> where they cannot be computed.</summary>
    public static ImmutableArray<BatchValue>? Compute(NodeStep step)
    {
        if (OnnxDomains.Normalize(step.Node.Domain).Length > 0 || step.InputCount is 0 or > BatchValue.MaxElements) return null;
        var counts = step.Inputs.Any(input => input is { CountsRows: true });
        var inputs = new BatchValue[step.InputCount];
        for (var index = 0; index < inputs.Length; index++)
        {
            if (step.Inputs[index] is not { HasRows: false, IsFollowed: true } input || (input.Elements is null ? counts ? Name(step, input) : null : input) is not { } number) return null;
            inputs[index] = number;
        }

        if (step.Node.OpType == "Split") return Elements.Split(step, inputs);
        var result = step.Node.OpType switch
        {
            "Identity" => inputs[0],
            "Cast" or "Floor" or "Ceil" or "Round" => Whole(step, inputs[0]),
            "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" => Elements.Rearrange(step, inputs),
            "Gather" => Elements.Gather(step, inputs),
            "Slice" => Elements.Slice(step, inputs[0]),
            "Concat" => Elements.Concat(step, inputs),
            "Transpose" => Elements.Transpose(step, inputs[0]),
            "Range" => Elements.Range(inputs),
            "ReduceProd" when inputs.Length == 1 && step.Node.FindAttribute("axes") is null or { Type: OnnxAttributeType.Ints } && inputs[0].Rank == 1 => Multiply(step, inputs[0]),
            "Where" when inputs.Length == 3 => Zip(step, inputs, Choose),
            "Not" when inputs.Length == 1 => Zip(step, inputs, (_, x) => x[0].IsConstant ? Term.Constant(x[0].Factor == 0 ? 1 : 0) : null),
            _ when inputs.Length == 2 && NumberArithmetic.Find(step.Node.OpType) is { } operation => Zip(step, inputs, (_, x) => operation(x[0], x[1])),
            _ => null,
        };
        return result is null or { Rank: > NodeStep.MaxRank } ? null : [result];
    }

    /// <summary>Numbers that all mates share but nobody knows.</summary>
    private static BatchValue? Name(NodeStep step, BatchValue value)
    {
        if (value.Shape is not { } shape || Term.Product(shape) is not { IsConstant: true, Factor: >= 0 and <= BatchValue.MaxElements } count) return null;
        return BatchValue.Numbers(shape, [.. Enumerable.Range(0, (int)count.Factor).Select(_ => step.Symbols.NewNumber())]);
    }

    /// <summary>Another type for the same numbers; fractions become other ones.</summary>
    private static BatchValue? Whole(NodeStep step, BatchValue value)
    {
        var type = (TensorElementType)(int)long.Clamp(step.Int("to", (long)TensorElementType.Int64), 0, int.MaxValue);
        var isWide = type is TensorElementType.Int64 or TensorElementType.Int32 or TensorElementType.Float64;
        if (!isWide && (value.CountsRows || type is not (TensorElementType.Float32 or TensorElementType.Boolean))) return null;
        return Zip(step, [value], (_, x) =>
            type == TensorElementType.Boolean ? x[0].IsConstant ? Term.Constant(x[0].Factor == 0 ? 0 : 1) : null
            : x[0].IsConstant || x[0].IsLength ? x[0] : null);
    }

    private static BatchValue? Multiply(NodeStep step, BatchValue value)
    {
        if (Term.Product(value.Elements!.Value) is not { } product) return null;
        return step.Flag("keepdims", absent: true) ? BatchValue.Vector([product]) : BatchValue.Scalar(product);
    }

    private static Term? Choose(NodeStep step, Term[] x) => x[0].IsConstant ? x[0].Factor != 0 ? x[1] : x[2] : null;

    /// <summary>Applies an operation to the elements that belong together: tensors of one shape, and single numbers.</summary>
    private static BatchValue? Zip(NodeStep step, BatchValue[] inputs, Func<NodeStep, Term[], Term?> operation)
    {
        var largest = inputs.MaxBy(input => (input.Elements!.Value.Length, input.Rank))!;
        var count = largest.Elements!.Value.Length;
        if (inputs.Any(input => input.Elements!.Value.Length != 1 && !input.Shape!.Value.AsSpan().SequenceEqual(largest.Shape!.Value.AsSpan()))) return null;
        if (inputs.Any(input => input.Rank > largest.Rank)) return null;
        var results = ImmutableArray.CreateBuilder<Term>(count);
        for (var index = 0; index < count; index++)
        {
            Term[] operands = [.. inputs.Select(input => input.Elements!.Value is [var only] ? only : input.Elements.Value[index])];
            if (operation(step, operands) is { } result) results.Add(result);
            else if (!operands.Any(operand => operand.HasRows)) results.Add(step.Symbols.NewNumber());
            else return null;
        }

        return BatchValue.Numbers(largest.Shape!.Value, results.MoveToImmutable());
    }
}
