using EdgeAI.Samples.Digits;
using EdgeAI.TrainDigits.Layers;

namespace EdgeAI.TrainDigits;

/// <summary>Layers in a row, and the parameters of all in one array. Reading is thread-safe.</summary>
internal sealed class Network
{
    private readonly int[] _starts;

    /// <summary>Chains the layers and draws their parameters.</summary>
    public Network(int seed, params ReadOnlySpan<ILayer> layers)
    {
        Layers = layers.ToArray();
        _starts = new int[layers.Length + 1];
        for (var i = 0; i < layers.Length; i++)
        {
            if (i > 0 && layers[i].InputLength != layers[i - 1].OutputLength)
            {
                throw new ArgumentException($"Layer {i} takes {layers[i].InputLength} values but layer {i - 1} gives {layers[i - 1].OutputLength}.", nameof(layers));
            }

            _starts[i + 1] = _starts[i] + layers[i].ParameterCount;
        }

        Parameters = new float[_starts[^1]];
        var random = new Random(seed);
        for (var i = 0; i < layers.Length; i++) layers[i].Initialize(random, Slice(Parameters, i));
    }

    public IReadOnlyList<ILayer> Layers { get; }

    /// <summary>The parameters of every layer, one after the other.</summary>
    public float[] Parameters { get; }

    /// <summary>The network that reads digits: two convolutions, each halved in height and width, and two dense layers. Gives ten logits.</summary>
    public static Network ForDigits(int seed) => new(
        seed,
        new Convolution(1, 8, DigitPainter.Side, DigitPainter.Side),
        new Rectifier(8 * 28 * 28),
        new MaxPool(8, 28, 28),
        new Convolution(8, 16, 14, 14),
        new Rectifier(16 * 14 * 14),
        new MaxPool(16, 14, 14),
        new Dense(16 * 7 * 7, 64),
        new Rectifier(64),
        new Dense(64, 10));

    /// <summary>The part of an array as long as <see cref="Parameters"/> that belongs to a layer.</summary>
    public Span<float> Slice(float[] parameters, int layer) => parameters.AsSpan(_starts[layer].._starts[layer + 1]);
}
