using EdgeAI.Onnx;

namespace EdgeAI.Samples.Neuromorphic.Layers;

/// <summary>An activation reaches the neurons whose windows it lies in: <c>Conv</c> on images, with constant weights.</summary>
internal sealed class ConvolutionLayer : Layer
{
    private readonly OnnxTensor _weights;
    private readonly OnnxTensor? _bias;
    private readonly int _outputs;
    private readonly int _channels;
    private readonly Window _rows;
    private readonly Window _columns;
    private float[] _synapses = [];
    private float[] _offsets = [];

    public ConvolutionLayer(OnnxNode node, Func<string, OnnxTensor?> findConstant)
    {
        node.RequireExplicitPads();
        node.Require("group", 1);
        node.Require("dilations", 1);
        _weights = node.Synapses(1, rank: 4, findConstant);
        (_outputs, _channels) = ((int)_weights.Lengths[0], (int)_weights.Lengths[1]);
        var strides = node.Integers("strides", 2, absent: 1);
        var pads = node.Integers("pads", 4, absent: 0);
        _rows = new Window((int)_weights.Lengths[2], strides[0], pads[0], pads[2]);
        _columns = new Window((int)_weights.Lengths[3], strides[1], pads[1], pads[3]);
        _bias = node.Bias(2, _outputs, findConstant);
    }

    /// <summary>Stored as [channel, row, column, output]: the fan-out of one event at one place of the window lies side by side.</summary>
    public override void LoadSynapses()
    {
        var byOutput = _weights.ToArray<float>();
        _offsets = _bias?.ToArray<float>() ?? new float[_outputs];
        _synapses = new float[byOutput.Length];
        var perOutput = byOutput.Length / Math.Max(1, _outputs);
        for (var i = 0; i < byOutput.Length; i++) _synapses[(i % perOutput * _outputs) + (i / perOutput)] = byOutput[i];
    }

    public override nint[] Measure(ReadOnlySpan<TensorValue> inputs)
    {
        var lengths = inputs[0].Lengths;
        if (lengths.Length != 4 || lengths[1] != _channels) throw new NotSupportedException($"a convolution of {_channels} channels was given a tensor with the lengths {TensorShape.Format(lengths)}");
        return [lengths[0], _outputs, _rows.OutputLength(lengths[2]), _columns.OutputLength(lengths[3])];
    }

    public override EventCount Propagate(ReadOnlySpan<TensorValue> inputs, TensorValue output)
    {
        var activations = inputs[0].AsSpan<float>();
        var potentials = output.AsWritableSpan<float>();
        var (height, width) = ((int)inputs[0].Lengths[2], (int)inputs[0].Lengths[3]);
        var (outputHeight, outputWidth) = ((int)output.Lengths[2], (int)output.Lengths[3]);
        var plane = outputHeight * outputWidth;
        for (var i = 0; i < potentials.Length / Math.Max(1, plane); i++) potentials.Slice(i * plane, plane).Fill(_offsets[i % _outputs]);

        var count = default(EventCount);
        for (var i = 0; i < activations.Length; i++)
        {
            var (x, y, channel, image) = (i % width, i / width % height, i / width / height % _channels, i / width / height / _channels);
            var reached = (long)_rows.Reach(y, outputHeight) * _columns.Reach(x, outputWidth) * _outputs;
            count += new EventCount(activations[i] == 0 ? 0 : reached, reached);
            if (activations[i] == 0) continue;
            for (var r = 0; r < _rows.Length; r++)
            {
                if (!_rows.TryFind(y, r, outputHeight, out var outputY)) continue;
                for (var c = 0; c < _columns.Length; c++)
                {
                    if (!_columns.TryFind(x, c, outputWidth, out var outputX)) continue;
                    var fanOut = _synapses.AsSpan(((((channel * _rows.Length) + r) * _columns.Length) + c) * _outputs, _outputs);
                    var at = (image * _outputs * plane) + (outputY * outputWidth) + outputX;
                    for (var o = 0; o < fanOut.Length; o++) potentials[at + (o * plane)] += activations[i] * fanOut[o];
                }
            }
        }

        return count;
    }
}
