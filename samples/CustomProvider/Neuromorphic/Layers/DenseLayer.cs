using System.Numerics.Tensors;
using EdgeAI.Onnx;

namespace EdgeAI.Samples.Neuromorphic.Layers;

/// <summary>Every activation reaches every neuron: <c>Gemm</c> and <c>MatMul</c> with constant weights.</summary>
internal sealed class DenseLayer : Layer
{
    private readonly OnnxTensor _weights;
    private readonly OnnxTensor? _bias;
    private readonly bool _isTransposed;
    private readonly bool _isGemm;
    private readonly int _inputs;
    private readonly int _neurons;
    private float[] _synapses = [];
    private float[] _offsets = [];

    public DenseLayer(OnnxNode node, Func<string, OnnxTensor?> findConstant)
    {
        _isGemm = node.OpType == "Gemm";
        node.RequireOne("alpha");
        node.RequireOne("beta");
        node.Require("transA", 0);
        _isTransposed = node.Integer("transB", 0) != 0;
        _weights = node.Synapses(1, rank: 2, findConstant);
        _inputs = (int)_weights.Lengths[_isTransposed ? 1 : 0];
        _neurons = (int)_weights.Lengths[_isTransposed ? 0 : 1];
        _bias = node.Bias(2, _neurons, findConstant);
    }

    /// <summary>The synapses of one activation lie side by side: an event is one pass over its fan-out.</summary>
    public override void LoadSynapses()
    {
        _synapses = _weights.ToArray<float>();
        _offsets = _bias?.ToArray<float>() ?? new float[_neurons];
        if (!_isTransposed) return;
        var byNeuron = _synapses;
        _synapses = new float[byNeuron.Length];
        for (var i = 0; i < byNeuron.Length; i++) _synapses[(i % _inputs * _neurons) + (i / _inputs)] = byNeuron[i];
    }

    public override nint[] Measure(ReadOnlySpan<TensorValue> inputs)
    {
        var lengths = inputs[0].Lengths;
        if (lengths.Length < 2 || (_isGemm && lengths.Length != 2)) throw new NotSupportedException($"a dense layer runs on rows, not on a tensor with the lengths {TensorShape.Format(lengths)}");
        return lengths[^1] == _inputs ? [.. lengths[..^1], _neurons] : throw new NotSupportedException($"a dense layer of {_inputs} inputs was given rows of {lengths[^1]}");
    }

    public override EventCount Propagate(ReadOnlySpan<TensorValue> inputs, TensorValue output)
    {
        var activations = inputs[0].AsSpan<float>();
        var potentials = output.AsWritableSpan<float>();
        var events = 0L;
        for (var row = 0; row < potentials.Length / _neurons; row++)
        {
            var neurons = potentials.Slice(row * _neurons, _neurons);
            _offsets.CopyTo(neurons);
            for (var i = 0; i < _inputs; i++)
            {
                var activation = activations[(row * _inputs) + i];
                if (activation == 0) continue;
                TensorPrimitives.MultiplyAdd(_synapses.AsSpan(i * _neurons, _neurons), activation, neurons, neurons);
                events++;
            }
        }

        return new EventCount(events * _neurons, (long)activations.Length * _neurons);
    }
}
