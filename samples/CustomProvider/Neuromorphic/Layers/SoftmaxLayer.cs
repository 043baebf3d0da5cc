using System.Numerics.Tensors;
using EdgeAI.Onnx;

namespace EdgeAI.Samples.Neuromorphic.Layers;

/// <summary>Shares that add up to one along the last axis: <c>Softmax</c>. It is read out on the board's own processor, not by neurons.</summary>
internal sealed class SoftmaxLayer(OnnxNode node) : Layer
{
    private readonly long _axis = node.Integer("axis", -1);

    public override nint[] Measure(ReadOnlySpan<TensorValue> inputs)
    {
        var lengths = inputs[0].Lengths;
        return lengths.Length > 0 && (_axis == -1 || _axis == lengths.Length - 1)
            ? lengths.ToArray()
            : throw new NotSupportedException($"softmax runs along the last axis only, not along axis {_axis} of {TensorShape.Format(lengths)}");
    }

    public override EventCount Propagate(ReadOnlySpan<TensorValue> inputs, TensorValue output)
    {
        var length = (int)output.Lengths[^1];
        var from = inputs[0].AsSpan<float>();
        var to = output.AsWritableSpan<float>();
        for (var at = 0; at < to.Length; at += length)
        {
            var row = to.Slice(at, length);

            // The greatest is taken away first, so that the exponential cannot overflow.
            TensorPrimitives.Subtract(from.Slice(at, length), TensorPrimitives.Max(from.Slice(at, length)), row);
            TensorPrimitives.Exp(row, row);
            TensorPrimitives.Divide(row, TensorPrimitives.Sum(row), row);
        }

        return default;
    }
}
