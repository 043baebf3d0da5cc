namespace EdgeAI.TrainDigits;

/// <summary>One image on its way through a network and back: holds the activations in between. Not thread-safe; one for each thread.</summary>
internal sealed class Pass
{
    private readonly Network _network;
    private readonly float[][] _activations;
    private readonly float[][] _gradients;

    public Pass(Network network)
    {
        _network = network;
        _activations = [new float[network.Layers[0].InputLength], .. network.Layers.Select(layer => new float[layer.OutputLength])];
        _gradients = Array.ConvertAll(_activations, values => new float[values.Length]);
    }

    /// <summary>The image, to be filled before <see cref="Forward"/>.</summary>
    public Span<float> Input => _activations[0];

    /// <summary>What the last layer gave.</summary>
    public Span<float> Output => _activations[^1];

    /// <summary>How the loss changes with <see cref="Output"/>, to be filled before <see cref="Backward"/>.</summary>
    public Span<float> OutputGradient => _gradients[^1];

    public void Forward()
    {
        for (var i = 0; i < _network.Layers.Count; i++)
        {
            _network.Layers[i].Forward(_network.Slice(_network.Parameters, i), _activations[i], _activations[i + 1]);
        }
    }

    /// <summary>Adds how the loss changes with each parameter.</summary>
    public void Backward(float[] parameterGradient)
    {
        for (var i = _network.Layers.Count - 1; i >= 0; i--)
        {
            _network.Layers[i].Backward(
                _network.Slice(_network.Parameters, i),
                _activations[i],
                _gradients[i + 1],
                _gradients[i],
                _network.Slice(parameterGradient, i));
        }
    }
}
