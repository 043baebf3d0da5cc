using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Moves the elements of small tensors of numbers as the operators do.</summary>
internal static class Elements
{
    /// <summary>The same elements under the shape that the operator's rule gives a shared tensor.</summary>
    public static BatchValue? Rearrange(NodeStep step, BatchValue[] inputs)
    {
        if (BatchRules.Find(step.Node.Domain, step.Node.OpType) is not { } rule) return null;
        var plain = new NodeStep(step.Node, step.Version, [BatchValue.Shared(inputs[0].Shape), .. inputs.Skip(1)], step.Symbols);
        rule.Apply(plain);
        if (plain.Problem is not null || step.Node.Outputs.IsEmpty || plain.Output(0)?.Shape is not { } shape) return null;
        var elements = inputs[0].Elements!.Value;
        return Term.Product(shape)?.Is(elements.Length) ?? false ? BatchValue.Numbers(shape, elements) : null;
    }

    public static BatchValue? Gather(NodeStep step, BatchValue[] inputs)
    {
        if (inputs.Length != 2 || !inputs[1].Elements!.Value.All(index => index.IsConstant)) return null;
        var axis = Axis(step.Int("axis", 0), inputs[0].Rank);
        return axis < 0 ? null : Take(inputs[0], axis, [.. inputs[1].Elements!.Value.Select(index => index.Factor)], inputs[1].Shape!.Value);
    }

    public static BatchValue? Slice(NodeStep step, BatchValue value)
    {
        if (Cuts.Of(step, value.Rank) is not { } cuts) return null;
        BatchValue? result = value;
        foreach (var cut in cuts)
        {
            if (result?.Shape?[cut.Axis] is not { IsConstant: true, Factor: >= 0 and <= BatchValue.MaxElements } length || cut.LengthOf(length) is not { } count) return null;
            var start = cut.Keeps(length) ? 0 : cut.Range(length.Factor).Start;
            result = Take(result, cut.Axis, [.. Enumerable.Range(0, (int)count.Factor).Select(place => start + (place * cut.Step))], [count]);
        }

        return result;
    }

    public static ImmutableArray<BatchValue>? Split(NodeStep step, BatchValue[] inputs)
    {
        var parts = step.Node.Outputs.Length;
        if (inputs[0] is not { Rank: 1 } value || parts == 0) return null;
        var length = value.Elements!.Value.Length;
        var sizes = inputs.Length > 1 ? inputs[1].Elements!.Value : step.Ints("split") is { } given ? [.. given.Select(Term.Constant)]
            : length % parts == 0 ? [.. Enumerable.Repeat(Term.Constant(length / parts), parts)] : ImmutableArray<Term>.Empty;
        if (sizes.Length != parts || sizes.Any(size => size is not { IsConstant: true, Factor: >= 0 and <= BatchValue.MaxElements }) || sizes.Sum(size => size.Factor) != length) return null;
        var results = ImmutableArray.CreateBuilder<BatchValue>(parts);
        var start = 0;
        foreach (var size in sizes)
        {
            results.Add(BatchValue.Vector(value.Elements.Value.Slice(start, (int)size.Factor)));
            start += (int)size.Factor;
        }

        return results.MoveToImmutable();
    }

    public static BatchValue? Concat(NodeStep step, BatchValue[] inputs)
    {
        if (inputs.Any(input => input.Rank != 1) || step.Int("axis", 0) is not (0 or -1) || inputs.Sum(input => input.Elements!.Value.Length) > BatchValue.MaxElements) return null;
        return BatchValue.Vector([.. inputs.SelectMany(input => input.Elements!.Value)]);
    }

    public static BatchValue? Transpose(NodeStep step, BatchValue value)
    {
        if (value.Rank == 1) return value;
        if (value.Rank != 2 || step.Ints("perm") is { } order && order is not [1, 0] || value.Shape is not [{ IsConstant: true } rows, { IsConstant: true } columns]) return null;
        var elements = value.Elements!.Value;
        var count = elements.Length;
        if (rows.Factor * columns.Factor != count) return null;
        return BatchValue.Numbers([columns, rows], [.. Enumerable.Range(0, count).Select(place => elements[(int)((place % rows.Factor * columns.Factor) + (place / rows.Factor))])]);
    }

    public static BatchValue? Range(BatchValue[] inputs)
    {
        if (inputs.Length != 3 || !inputs.All(input => input.Elements is [{ IsConstant: true }])) return null;
        var (start, limit, delta) = (inputs[0].Elements!.Value[0].Factor, inputs[1].Elements!.Value[0].Factor, inputs[2].Elements!.Value[0].Factor);
        if (delta == 0) return null;
        var count = ((Int128)limit - start + delta - Int128.Sign(delta)) / delta;
        return count > BatchValue.MaxElements ? null : BatchValue.Vector([.. Enumerable.Range(0, (int)Int128.Max(count, 0)).Select(place => Term.Constant(start + (place * delta)))]);
    }

    private static int Axis(long axis, int rank) => (axis < 0 ? axis + rank : axis) is >= 0 and var counted && counted < rank ? (int)counted : -1;

    private static BatchValue? Take(BatchValue value, int axis, ImmutableArray<long> places, ImmutableArray<Term> placesShape)
    {
        var shape = value.Shape!.Value;
        if (!shape.All(length => length.IsConstant)) return null;
        var length = shape[axis].Factor;
        var outer = Term.Product(shape[..axis])?.Factor ?? -1;
        var inner = Term.Product(shape[(axis + 1)..])?.Factor ?? -1;
        if (outer is < 0 or > BatchValue.MaxElements || inner is < 0 or > BatchValue.MaxElements || outer * inner * places.Length > BatchValue.MaxElements) return null;
        var taken = ImmutableArray.CreateBuilder<Term>();
        for (var before = 0L; before < outer; before++)
        {
            foreach (var place in places)
            {
                var counted = place < 0 ? place + length : place;
                if (counted < 0 || counted >= length) return null;
                for (var after = 0L; after < inner; after++) taken.Add(value.Elements!.Value[(int)((((before * length) + counted) * inner) + after)]);
            }
        }

        return BatchValue.Numbers([.. shape[..axis], .. placesShape, .. shape[(axis + 1)..]], taken.ToImmutable());
    }
}
