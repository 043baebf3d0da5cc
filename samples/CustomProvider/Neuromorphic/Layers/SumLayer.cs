namespace EdgeAI.Samples.Neuromorphic.Layers;

/// <summary>Two activations into one neuron: <c>Add</c> and <c>Sub</c>, where the lengths of one operand are the last lengths of the other.</summary>
internal sealed class SumLayer(int sign) : Layer
{
    public override int Arity => 2;

    public override nint[] Measure(ReadOnlySpan<TensorValue> inputs)
    {
        var left = inputs[0].Lengths;
        var right = inputs[1].Lengths;
        if (left.EndsWith(right)) return left.ToArray();
        if (right.EndsWith(left)) return right.ToArray();
        throw new NotSupportedException($"it adds tensors only where the lengths of one end with those of the other, not {TensorShape.Format(left)} and {TensorShape.Format(right)}");
    }

    public override EventCount Propagate(ReadOnlySpan<TensorValue> inputs, TensorValue output)
    {
        var left = inputs[0].AsSpan<float>();
        var right = inputs[1].AsSpan<float>();
        var sum = output.AsWritableSpan<float>();
        for (var i = 0; i < sum.Length; i++) sum[i] = left[i % left.Length] + (sign * right[i % right.Length]);
        return default;
    }
}
