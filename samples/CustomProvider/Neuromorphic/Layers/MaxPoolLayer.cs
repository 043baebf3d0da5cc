using EdgeAI.Onnx;

namespace EdgeAI.Samples.Neuromorphic.Layers;

/// <summary>The strongest activation of each window: <c>MaxPool</c> on images, without padding.</summary>
internal sealed class MaxPoolLayer : Layer
{
    private readonly Window _rows;
    private readonly Window _columns;

    public MaxPoolLayer(OnnxNode node)
    {
        node.RequireExplicitPads();
        node.Require("pads", 0);
        node.Require("dilations", 1);
        node.Require("ceil_mode", 0);
        node.Require("storage_order", 0);
        var kernel = node.Integers("kernel_shape", 2, absent: 1);
        var strides = node.Integers("strides", 2, absent: 1);
        _rows = new Window(kernel[0], strides[0], 0, 0);
        _columns = new Window(kernel[1], strides[1], 0, 0);
    }

    public override nint[] Measure(ReadOnlySpan<TensorValue> inputs)
    {
        var lengths = inputs[0].Lengths;
        return lengths.Length == 4
            ? [lengths[0], lengths[1], _rows.OutputLength(lengths[2]), _columns.OutputLength(lengths[3])]
            : throw new NotSupportedException($"pooling runs on images, not on a tensor with the lengths {TensorShape.Format(lengths)}");
    }

    public override EventCount Propagate(ReadOnlySpan<TensorValue> inputs, TensorValue output)
    {
        var activations = inputs[0].AsSpan<float>();
        var strongest = output.AsWritableSpan<float>();
        var (height, width) = ((int)inputs[0].Lengths[2], (int)inputs[0].Lengths[3]);
        var (outputHeight, outputWidth) = ((int)output.Lengths[2], (int)output.Lengths[3]);
        for (var i = 0; i < strongest.Length; i++)
        {
            var (x, y, plane) = (i % outputWidth * _columns.Stride, i / outputWidth % outputHeight * _rows.Stride, i / outputWidth / outputHeight);
            var most = float.NegativeInfinity;
            for (var r = 0; r < _rows.Length; r++)
            {
                var row = activations.Slice((((plane * height) + y + r) * width) + x, _columns.Length);
                foreach (var activation in row) most = Math.Max(most, activation);
            }

            strongest[i] = most;
        }

        return default;
    }
}
