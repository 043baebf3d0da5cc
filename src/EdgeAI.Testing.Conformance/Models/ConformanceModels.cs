using EdgeAI.Onnx;

namespace EdgeAI.Testing.Conformance;

/// <summary>The models that the suites run.</summary>
public static class ConformanceModels
{
    private const int Width = 4;
    private const int Columns = 3;
    private const int HeavyWidth = 192;
    private const int HeavyDepth = 24;

    /// <summary>sum = a + b, all float32[n,4]. Every device must run this one.</summary>
    public static ConformanceModel Add { get; } = new(
        "conformance-add",
        new ModelSignature([Rows("a"), Rows("b")], [Rows("sum")]),
        [new OnnxNode("Add", ["a", "b"], ["sum"])], [],
        inputs => [Combine(inputs, (a, b) => a + b)]);

    /// <summary>y = x, both float32[n,4].</summary>
    public static ConformanceModel Identity { get; } = new(
        "conformance-identity",
        new ModelSignature([Rows("x")], [Rows("y")]),
        [new OnnxNode("Identity", ["x"], ["y"])], [],
        inputs => [TensorValue.Create(inputs[0].AsSpan<float>().ToArray(), inputs[0].Lengths)]);

    /// <summary>y = x, both int64[n,4].</summary>
    public static ConformanceModel Integers { get; } = new(
        "conformance-integers",
        new ModelSignature([Rows("x", Width, TensorElementType.Int64)], [Rows("y", Width, TensorElementType.Int64)]),
        [new OnnxNode("Identity", ["x"], ["y"])], [],
        inputs => [TensorValue.Create(inputs[0].AsSpan<long>().ToArray(), inputs[0].Lengths)]);

    /// <summary>y = x + x, both float32 scalars.</summary>
    public static ConformanceModel Scalar { get; } = new(
        "conformance-scalar",
        new ModelSignature([new TensorSpec("x", TensorElementType.Float32, [])], [new TensorSpec("y", TensorElementType.Float32, [])]),
        [new OnnxNode("Add", ["x", "x"], ["y"])], [],
        inputs => [TensorValue.Create([2 * inputs[0].AsSpan<float>()[0]])]);

    /// <summary>sum = a + b and difference = a - b, all float32[n,4].</summary>
    public static ConformanceModel TwoOutputs { get; } = new(
        "conformance-two-outputs",
        new ModelSignature([Rows("a"), Rows("b")], [Rows("sum"), Rows("difference")]),
        [new OnnxNode("Add", ["a", "b"], ["sum"]), new OnnxNode("Sub", ["a", "b"], ["difference"])], [],
        inputs => [Combine(inputs, (a, b) => a + b), Combine(inputs, (a, b) => a - b)]);

    /// <summary>y = x w, x float32[n,4], y float32[n,3]; the weights are <see cref="Weight"/>.</summary>
    public static ConformanceModel MatMul { get; } = new(
        "conformance-matmul",
        new ModelSignature([Rows("x")], [Rows("y", Columns)]),
        [new OnnxNode("MatMul", ["x", "w"], ["y"])],
        [OnnxTensor.Create<float>("w", [.. Enumerable.Range(0, Width * Columns).Select(i => Weight(i / Columns, i % Columns))], Width, Columns)],
        inputs => [Multiply(inputs[0])]);

    /// <summary>
    /// 24 matrix multiplications one after the other, so that a run takes long enough to be cancelled: x float32[n,192], y the same. The weight matrix
    /// moves every column one to the right (the last becomes the first), so y is x moved by 24.
    /// </summary>
    public static ConformanceModel Heavy { get; } = new(
        "conformance-heavy",
        new ModelSignature([Rows("x0", HeavyWidth)], [Rows($"x{HeavyDepth}", HeavyWidth)]),
        [.. Enumerable.Range(0, HeavyDepth).Select(i => new OnnxNode("MatMul", [$"x{i}", "w"], [$"x{i + 1}"]))],
        [OnnxTensor.Create<float>("w", [.. Enumerable.Range(0, HeavyWidth * HeavyWidth).Select(i => i % HeavyWidth == ((i / HeavyWidth) + 1) % HeavyWidth ? 1f : 0f)], HeavyWidth, HeavyWidth)],
        inputs => [MoveColumns(inputs[0])]);

    /// <summary>Uses the operator <c>edgeai.conformance.NoSuchOperator</c>, which no device knows.</summary>
    public static ConformanceModel UnknownOperator { get; } = new(
        "conformance-unknown-operator",
        new ModelSignature([Rows("x")], [Rows("y")]),
        [new OnnxNode("NoSuchOperator", ["x"], ["y"]) { Domain = "edgeai.conformance" }], [],
        inputs => inputs);

    /// <summary>The models that devices are asked to run: all but <see cref="UnknownOperator"/>.</summary>
    public static IReadOnlyList<ConformanceModel> All { get; } = [Add, Identity, Integers, Scalar, TwoOutputs, MatMul, Heavy];

    /// <summary>A weight of <see cref="MatMul"/>: ((5 row + column) mod 7 - 3) / 4, exact in every floating-point type.</summary>
    public static float Weight(int row, int column) => ((((5 * row) + column) % 7) - 3) / 4f;

    private static TensorSpec Rows(string name, int width = Width, TensorElementType type = TensorElementType.Float32) => new(name, type, [-1, width], ["n", null]);

    private static TensorValue Combine(IReadOnlyList<TensorValue> inputs, Func<float, float, float> function)
    {
        var a = inputs[0].AsSpan<float>();
        var b = inputs[1].AsSpan<float>();
        var data = new float[a.Length];
        for (var i = 0; i < data.Length; i++) data[i] = function(a[i], b[i]);
        return TensorValue.Create(data, inputs[0].Lengths);
    }

    private static TensorValue Multiply(TensorValue input)
    {
        var rows = (int)input.Lengths[0];
        var x = input.AsSpan<float>();
        var y = new float[rows * Columns];
        for (var i = 0; i < y.Length; i++)
        {
            for (var inner = 0; inner < Width; inner++) y[i] += x[(i / Columns * Width) + inner] * Weight(inner, i % Columns);
        }

        return TensorValue.Create(y, rows, Columns);
    }

    private static TensorValue MoveColumns(TensorValue input)
    {
        var x = input.AsSpan<float>();
        var y = new float[x.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var column = i % HeavyWidth;
            y[i - column + ((column + HeavyDepth) % HeavyWidth)] = x[i];
        }

        return TensorValue.Create(y, input.Lengths);
    }
}
