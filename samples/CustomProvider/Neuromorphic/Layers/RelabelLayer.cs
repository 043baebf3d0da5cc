namespace EdgeAI.Samples.Neuromorphic.Layers;

/// <summary>The same activations under other lengths, or the same: <c>Flatten</c> and <c>Identity</c>.</summary>
/// <param name="flattenAxis">The first axis of the second part; negative from the end; <see langword="null"/>: nothing is flattened.</param>
internal sealed class RelabelLayer(long? flattenAxis) : Layer
{
    public override nint[] Measure(ReadOnlySpan<TensorValue> inputs)
    {
        var lengths = inputs[0].Lengths;
        if (flattenAxis is not { } axis) return lengths.ToArray();
        var split = (int)(axis < 0 ? axis + lengths.Length : axis);
        if (split < 0 || split > lengths.Length) throw new NotSupportedException($"axis {axis} is none of a tensor with the lengths {TensorShape.Format(lengths)}");
        return [TensorShape.GetElementCount(lengths[..split]), TensorShape.GetElementCount(lengths[split..])];
    }

    public override EventCount Propagate(ReadOnlySpan<TensorValue> inputs, TensorValue output)
    {
        inputs[0].AsSpan<float>().CopyTo(output.AsWritableSpan<float>());
        return default;
    }
}
