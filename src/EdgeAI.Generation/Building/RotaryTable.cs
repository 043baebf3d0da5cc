using System.Runtime.InteropServices;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>
/// Cosines and sines by position and frequency, [context, size / 2], as GroupQueryAttention takes them. Computed in double precision while they are written.
/// </summary>
internal sealed class RotaryTable
{
    private readonly RotaryConfig _config;
    private readonly double[] _frequencies;
    private readonly double _amplitude;

    public RotaryTable(RotaryConfig config)
    {
        _config = config;
        _frequencies = [.. Enumerable.Range(0, config.Size / 2).Select(i => Math.Pow(config.Base, -2.0 * i / config.Size))];
        _amplitude = config.Scaling switch { RotaryScaling.Yarn yarn => yarn.AttentionFactor, RotaryScaling.LongRope longRope => longRope.AttentionFactor, _ => 1 };
        Scale(_frequencies);
    }

    /// <param name="name">Names the tensor.</param>
    /// <param name="context">Positions.</param>
    /// <param name="width">Columns; those beyond the frequencies turn nothing.</param>
    public OnnxTensor Cosines(string name, int context, int width) => Tensor(name, context, width, Math.Cos);

    /// <inheritdoc cref="Cosines"/>
    public OnnxTensor Sines(string name, int context, int width) => Tensor(name, context, width, Math.Sin);

    private OnnxTensor Tensor(string name, int context, int width, Func<double, double> function)
    {
        return OnnxTensor.Create(name, TensorElementType.Float32, OnnxTensorData.FromWriter(sizeof(float) * (long)context * width, stream =>
        {
            var row = new float[width];
            row.AsSpan(_frequencies.Length).Fill((float)function(0));
            for (var position = 0; position < context; position++)
            {
                var frequencies = FrequenciesAt(position);
                for (var i = 0; i < frequencies.Length; i++) row[i] = (float)(_amplitude * function(position * frequencies[i]));
                stream.Write(MemoryMarshal.AsBytes(row.AsSpan()));
            }
        }), context, width);
    }

    // Each position turns as it does when the sequence has grown to it, so that decoding token by token is what the model's authors run.
    private double[] FrequenciesAt(int position)
    {
        if (_config.Scaling is not RotaryScaling.Dynamic scaling || position < scaling.OriginalContext) return _frequencies;
        var stretched = _config.Base * Math.Pow(scaling.Factor * (position + 1) / scaling.OriginalContext - (scaling.Factor - 1), _config.Size / (_config.Size - 2.0));
        return [.. Enumerable.Range(0, _frequencies.Length).Select(i => Math.Pow(stretched, -2.0 * i / _config.Size))];
    }

    private void Scale(Span<double> frequencies)
    {
        for (var i = 0; i < frequencies.Length; i++)
        {
            frequencies[i] = _config.Scaling switch
            {
                RotaryScaling.Linear linear => frequencies[i] / linear.Factor,
                RotaryScaling.Llama3 llama3 => Scale(frequencies[i], llama3),
                RotaryScaling.Yarn yarn => Scale(frequencies[i], i, yarn),
                RotaryScaling.LongRope longRope => frequencies[i] / longRope.Factors[i],
                _ => frequencies[i],
            };
        }
    }

    private static double Scale(double frequency, RotaryScaling.Llama3 scaling)
    {
        var turns = scaling.OriginalContext * frequency / (2 * Math.PI);
        if (turns < scaling.LowFrequencyFactor) return frequency / scaling.Factor;
        if (turns > scaling.HighFrequencyFactor) return frequency;
        var kept = (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return (1 - kept) * frequency / scaling.Factor + kept * frequency;
    }

    private double Scale(double frequency, int index, RotaryScaling.Yarn scaling)
    {
        // The index, not whole, at which a frequency makes so many turns within the original context.
        double IndexOf(double turns) => _config.Size * Math.Log(scaling.OriginalContext / (turns * 2 * Math.PI)) / (2 * Math.Log(_config.Base));
        var (low, high) = (IndexOf(scaling.FastTurns), IndexOf(scaling.SlowTurns));
        if (scaling.Truncates) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, _config.Size - 1));
        if (low == high) high += 0.001;
        var divided = Math.Clamp((index - low) / (high - low), 0, 1);
        return frequency / scaling.Factor * divided + frequency * (1 - divided);
    }
}
