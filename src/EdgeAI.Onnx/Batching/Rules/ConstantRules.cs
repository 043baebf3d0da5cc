using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Operators that make values from constants and shapes.</summary>
internal static class ConstantRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("Constant", new BatchRule(Constant)),
        ("ConstantOfShape", new BatchRule(ConstantOfShape, CountInputs: 0b1)),
        ("Shape", new BatchRule(Shape, CountInputs: 0b1)),
        ("Size", new BatchRule(Size, CountInputs: 0b1)),
        ("Range", new BatchRule(Range)),
    ];

    private static void Constant(NodeStep step)
    {
        var attribute = step.Node.Attributes.FirstOrDefault(candidate => candidate.ReferenceName is null && candidate.Name.StartsWith("value", StringComparison.Ordinal));
        step.Set(0, attribute switch
        {
            { Type: OnnxAttributeType.Tensor } => ConstantNumbers.Read(attribute.AsTensor(), step.Symbols),
            { Type: OnnxAttributeType.Int } => BatchValue.Scalar(Term.Constant(attribute.AsInt())),
            { Type: OnnxAttributeType.Ints } when attribute.AsInts() is { Length: <= BatchValue.MaxElements } numbers => BatchValue.Vector([.. numbers.Select(Term.Constant)]),
            { Type: OnnxAttributeType.Float } => BatchValue.Shared([]),
            { Type: OnnxAttributeType.Floats } => BatchValue.Shared([Term.Constant(attribute.AsFloats().Length)]),
            _ => BatchValue.Unknown,
        });
    }

    private static void ConstantOfShape(NodeStep step)
    {
        if (!step.TryNumbers(0, out var lengths)) return;
        var value = step.Node.FindAttribute("value") is { Type: OnnxAttributeType.Tensor, ReferenceName: null } given ? ConstantNumbers.Read(given.AsTensor(), step.Symbols).Elements : [Term.Constant(0)];
        if (lengths.Any(length => length.HasRows && !length.IsLength)) step.Refuse("makes a tensor of a size that is not followed");
        else if (value is [var element] && lengths is [{ IsConstant: true, Factor: >= 0 and <= BatchValue.MaxElements } count]) step.Set(0, BatchValue.Vector([.. Enumerable.Repeat(element, (int)count.Factor)]));
        else step.SetShape(0, [.. lengths.Select(length => length.IsLength ? length : step.Symbols.NewLength())]);
    }

    private static void Shape(NodeStep step)
    {
        if (!step.TryInput(0, out var x)) return;
        var start = Bound(step.Int("start", 0), x.Rank);
        var end = Bound(step.Int("end", x.Rank), x.Rank);
        step.Set(0, BatchValue.Vector(start < end ? x.Shape!.Value[start..end] : []));
    }

    private static int Bound(long bound, int rank) => (int)long.Clamp(bound < 0 ? bound + rank : bound, 0, rank);

    private static void Size(NodeStep step)
    {
        if (!step.TryInput(0, out var x)) return;
        if (Term.Product(x.Shape!.Value) is { } size) step.Set(0, BatchValue.Scalar(size));
        else step.Refuse("counts more than is followed");
    }

    private static void Range(NodeStep step)
    {
        if (!step.RequireShared(0)) return;
        ImmutableArray<Term>?[] bounds = [.. step.Inputs.Select(input => input?.Elements)];
        var length = bounds is [[{ Factor: 0 } from], [{ IsLength: true } to], [{ IsConstant: true, Factor: 1 }]] && from.IsConstant ? to : step.Symbols.NewLength();
        step.Set(0, BatchValue.Shared([length]));
    }
}
