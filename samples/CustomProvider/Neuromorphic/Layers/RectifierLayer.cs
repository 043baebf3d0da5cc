using System.Numerics.Tensors;

namespace EdgeAI.Samples.Neuromorphic.Layers;

/// <summary>Neurons that fire only above zero: <c>Relu</c>. It is what makes activations sparse.</summary>
internal sealed class RectifierLayer : Layer
{
    public override nint[] Measure(ReadOnlySpan<TensorValue> inputs) => inputs[0].Lengths.ToArray();

    public override EventCount Propagate(ReadOnlySpan<TensorValue> inputs, TensorValue output)
    {
        TensorPrimitives.Max(inputs[0].AsSpan<float>(), 0f, output.AsWritableSpan<float>());
        return default;
    }
}
