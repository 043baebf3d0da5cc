namespace EdgeAI.Testing.Conformance;

/// <summary>The models that the suites run.</summary>
public static class ConformanceModels
{
    private const int Opset = 17;
    private const int Width = 4;
    private const int HeavyWidth = 192;
    private const int HeavyDepth = 24;

    /// <summary>sum = a + b, all float32[n,4]. Every device must run this one.</summary>
    public static ConformanceModel Add { get; } = Create(
        "conformance-add", ["Add"], [Floats("a"), Floats("b")], [Floats("sum")],
        inputs => [Map(inputs[0], (i, a) => a + inputs[1].AsSpan<float>()[i])]);

    /// <summary>y = x, both float32[n,4].</summary>
    public static ConformanceModel Identity { get; } = Create(
        "conformance-identity", ["Identity"], [Floats("x")], [Floats("y")],
        inputs => [Map(inputs[0], (_, x) => x)]);

    /// <summary>y = x, both int64[n,4].</summary>
    public static ConformanceModel Integers { get; } = Create(
        "conformance-integers", ["Identity"], [new TensorSpec("x", TensorElementType.Int64, [-1, Width], ["n", null])],
        [new TensorSpec("y", TensorElementType.Int64, [-1, Width], ["n", null])],
        inputs => [TensorValue.Create(inputs[0].AsSpan<long>().ToArray(), inputs[0].Lengths)]);

    /// <summary>y = x + x, both float32 scalars.</summary>
    public static ConformanceModel Scalar { get; } = Create(
        "conformance-scalar", ["Add"], [new TensorSpec("x", TensorElementType.Float32, [])], [new TensorSpec("y", TensorElementType.Float32, [])],
        inputs => [Map(inputs[0], (_, x) => x + x)]);

    /// <summary>sum = a + b and difference = a - b, all float32[n,4].</summary>
    public static ConformanceModel TwoOutputs { get; } = Create(
        "conformance-two-outputs", ["Add", "Sub"], [Floats("a"), Floats("b")], [Floats("sum"), Floats("difference")],
        inputs =>
        [
            Map(inputs[0], (i, a) => a + inputs[1].AsSpan<float>()[i]),
            Map(inputs[0], (i, a) => a - inputs[1].AsSpan<float>()[i]),
        ]);

    /// <summary>y = x w, x float32[n,4], y float32[n,3]; the weights w[i,j] are <see cref="Weight"/>.</summary>
    public static ConformanceModel MatMul { get; } = Create(
        "conformance-matmul", ["MatMul"], [Floats("x")], [new TensorSpec("y", TensorElementType.Float32, [-1, 3], ["n", null])],
        inputs => [Multiply(inputs[0], Width, 3)]);

    /// <summary>
    /// 24 matrix multiplications one after the other, so that a run takes long enough to be cancelled: x float32[n,192], y the same. Each weight matrix
    /// moves every column one to the right (the last becomes the first), so y is x moved by 24.
    /// </summary>
    public static ConformanceModel Heavy { get; } = Create(
        "conformance-heavy", [.. Enumerable.Repeat("MatMul", HeavyDepth)],
        [new TensorSpec("x", TensorElementType.Float32, [-1, HeavyWidth], ["n", null])],
        [new TensorSpec("y", TensorElementType.Float32, [-1, HeavyWidth], ["n", null])],
        inputs => [MoveColumns(inputs[0])]);

    /// <summary>Uses the operator <c>edgeai.conformance.NoSuchOperator</c>, which no device knows.</summary>
    public static ConformanceModel UnknownOperator { get; } = new(
        "conformance-unknown-operator",
        new ModelSignature([Floats("x")], [Floats("y")]),
        [new OperatorUse("edgeai.conformance", "NoSuchOperator", 1, 1)],
        inputs => [Map(inputs[0], (_, x) => x)]);

    /// <summary>The models that devices are asked to run.</summary>
    public static IReadOnlyList<ConformanceModel> All { get; } = [Add, Identity, Integers, Scalar, TwoOutputs, MatMul, Heavy];

    /// <summary>A weight of <see cref="MatMul"/>: ((5 i + j) mod 7 - 3) / 4, exact in every floating-point type.</summary>
    public static float Weight(int row, int column) => ((((5 * row) + column) % 7) - 3) / 4f;

    private static ConformanceModel Create(string id, string[] operators, TensorSpec[] inputs, TensorSpec[] outputs, SimulatedCompute reference) =>
        new(id, new ModelSignature(inputs, outputs), [.. operators.CountBy(op => op).Select(op => new OperatorUse("", op.Key, op.Value, Opset))], reference);

    private static TensorSpec Floats(string name) => new(name, TensorElementType.Float32, [-1, Width], ["n", null]);

    private static TensorValue Map(TensorValue input, Func<int, float, float> function)
    {
        var data = new float[input.ElementCount];
        for (var i = 0; i < data.Length; i++) data[i] = function(i, input.AsSpan<float>()[i]);
        return TensorValue.Create(data, input.Lengths);
    }

    private static TensorValue Multiply(TensorValue input, int inner, int columns)
    {
        var rows = (int)input.Lengths[0];
        var x = input.AsSpan<float>();
        var y = new float[rows * columns];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                for (var i = 0; i < inner; i++) y[(r * columns) + c] += x[(r * inner) + i] * Weight(i, c);
            }
        }

        return TensorValue.Create(y, rows, columns);
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
