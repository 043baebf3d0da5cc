namespace EdgeAI.Onnx.Tests;

/// <summary>
/// Chains of operators with axes and shapes drawn at random, so that about every second mixes rows. A length below zero stands for as
/// many times the rows.
/// </summary>
internal sealed class RandomGraph(int seed)
{
    private readonly Random _random = new(seed);
    private readonly SmallGraph _graph = new(17);
    private List<long> _shape = [];
    private string _value = "x";
    private int _names;

    public OnnxModel Build()
    {
        var rank = _random.Next(2, 5);
        var rows = _random.Next(4) > 0 ? 0 : _random.Next(rank);
        _shape = [.. Enumerable.Range(0, rank).Select(axis => axis == rows ? -1L : _random.Next(1, 4))];
        _graph.Input("x", [.. _shape.Select(length => length < 0 ? new OnnxDimension("n") : new OnnxDimension(length))]).Input("z", "n");
        var steps = _random.Next(2, 7);
        for (var step = 0; step < steps; step++) Step();
        return _graph.Build(_value);
    }

    private void Step()
    {
        var axis = _random.Next(Math.Max(1, _shape.Count));
        switch (_random.Next(22))
        {
            case 0: Apply(_random.Next(2) == 0 ? "Tanh" : "Relu", "", _shape); break;
            case 1 or 2: AddConstant(); break;
            case 3: Apply("Softmax", "", _shape, SmallGraph.Axis(Signed(axis))); break;
            case 4 or 5: Reduce(axis); break;
            case 6 or 7: Transpose(); break;
            case 8 or 9: Merge(axis); break;
            case 10: Part(axis); break;
            case 11 when _shape.Count > 1 && _shape[^1] > 0: Multiply(); break;
            case 12 when _shape.Count > 1: Apply("MatMul", Twist(), [.. _shape[..^1], _shape[^2]]); break;
            case 13: Apply("Concat", _value, Changed(axis, _shape[axis] * 2), SmallGraph.Axis(Signed(axis))); break;
            case 14: Slice(axis); break;
            case 15: Pick(axis); break;
            case 16: Apply("CumSum", Scalar(axis), _shape); break;
            case 17: Apply("Flatten", "", [Product(_shape[..axis]), Product(_shape[axis..])], SmallGraph.Axis(axis)); break;
            case 18 when _shape.Count == 4: Apply("GlobalAveragePool", "", [_shape[0], _shape[1], 1, 1]); break;
            case 19: ReshapeByOwnShape(axis); break;
            case 20 when _shape.Count > 1: Apply("Add", Twist(), _shape); break;
            case 21: Repeat(axis); break;
            default: Apply("Sigmoid", "", _shape); break;
        }
    }

    private void AddConstant()
    {
        var used = _shape[_random.Next(_shape.Count)..];
        nint[] lengths = [.. used.Select(length => length > 0 && _random.Next(3) > 0 ? (nint)length : _random.Next(8) > 0 ? 1 : 2)];
        var name = Name();
        _graph.Weights(name, lengths);
        Apply("Add", name, _shape);
    }

    private void Multiply()
    {
        var (name, columns) = (Name(), _random.Next(1, 4));
        _graph.Weights(name, (nint)_shape[^1], columns);
        Apply("MatMul", name, Changed(_shape.Count - 1, columns));
    }

    private void Reduce(int axis)
    {
        if (_random.Next(2) == 0) Apply("ReduceMean", "", Changed(axis, 1), OnnxAttribute.Ints("axes", Signed(axis)));
        else if (_shape.Count > 1) Apply("ReduceMax", "", [.. _shape.Where((_, other) => other != axis)], OnnxAttribute.Ints("axes", axis), OnnxAttribute.Int("keepdims", 0));
    }

    private void Transpose()
    {
        var order = Enumerable.Range(0, _shape.Count).ToArray();
        _random.Shuffle(order);
        Apply("Transpose", "", [.. order.Select(axis => _shape[axis])], OnnxAttribute.Ints("perm", [.. order.Select(axis => (long)axis)]));
    }

    /// <summary>Makes one of two axes, whichever they are.</summary>
    private void Merge(int axis)
    {
        if (axis + 1 >= _shape.Count) return;
        List<long> merged = [.. _shape[..axis], Product(_shape[axis..(axis + 2)]), .. _shape[(axis + 2)..]];
        Reshape(merged);
    }

    /// <summary>Makes two axes of one: what a merge may have hidden comes out in another order.</summary>
    private void Part(int axis)
    {
        var length = Math.Abs(_shape[axis]);
        var part = _random.Next(1, 4);
        if (length % part != 0) return;
        var rest = _shape[axis] / part;
        Reshape(_random.Next(2) == 0 ? [.. _shape[..axis], rest, part, .. _shape[(axis + 1)..]] : [.. _shape[..axis], part, rest, .. _shape[(axis + 1)..]]);
    }

    private void Reshape(List<long> shape)
    {
        if (shape.Count(length => length < 0) != 1) return;
        Apply("Reshape", Numbers([.. shape.Select(length => length < 0 ? -1 : length)]), shape);
    }

    private void ReshapeByOwnShape(int axis)
    {
        var (counted, length, joined) = (Name(), Name(), Name());
        _graph.Node($"{counted} = Shape {_value}").Node($"{length} = Gather {counted} {Numbers(axis)}").Node($"{joined} = Concat {length} {Numbers(-1)}", SmallGraph.Axis(0));
        var rest = Product([.. _shape.Where((_, other) => other != axis)]);
        Apply("Reshape", joined, [_shape[axis], rest]);
    }

    private void Slice(int axis)
    {
        if (_shape[axis] < 0) Apply("Slice", $"{Numbers(_random.Next(2))} {Numbers(long.MaxValue)} {Numbers(axis)}", _shape);
        else if (_shape[axis] > 1) Apply("Slice", $"{Numbers(1)} {Numbers(100)} {Numbers(Signed(axis))}", Changed(axis, _shape[axis] - 1));
    }

    private void Pick(int axis)
    {
        if (_shape.Count > 1) Apply("Gather", Scalar(0), [.. _shape.Where((_, other) => other != axis)], SmallGraph.Axis(axis));
    }

    private void Repeat(int axis) => Apply("Tile", Numbers([.. _shape.Select((_, other) => other == axis ? 2L : 1)]), Changed(axis, _shape[axis] * 2));

    /// <summary>The value with its last two axes swapped.</summary>
    private string Twist()
    {
        var name = Name();
        var order = Enumerable.Range(0, _shape.Count).Select(axis => (long)axis).ToArray();
        (order[^1], order[^2]) = (order[^2], order[^1]);
        _graph.Node($"{name} = Transpose {_value}", OnnxAttribute.Ints("perm", order));
        return name;
    }

    private void Apply(string operation, string others, List<long> shape, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var name = Name();
        _graph.Node($"{name} = {operation} {_value} {others}".TrimEnd(), attributes);
        (_value, _shape) = (name, shape);
    }

    private string Numbers(params ReadOnlySpan<long> values)
    {
        var name = Name();
        _graph.Numbers(name, values);
        return name;
    }

    private string Scalar(long value)
    {
        var name = Name();
        _graph.Constant(OnnxTensor.Scalar(name, value));
        return name;
    }

    private string Name() => $"v{_names++}";

    private long Signed(int axis) => _random.Next(2) == 0 ? axis : axis - _shape.Count;

    private List<long> Changed(int axis, long length) => [.. _shape.Select((old, other) => other == axis ? length : old)];

    private static long Product(List<long> lengths) => lengths.Aggregate(1L, (a, b) => a * b);
}
