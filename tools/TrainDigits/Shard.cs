using EdgeAI.Samples.Digits;

namespace EdgeAI.TrainDigits;

/// <summary>A part of every batch, with digits and gradients of its own, so that shards run in parallel and their order does not matter.</summary>
internal sealed class Shard(Network network, int seed)
{
    private readonly DigitPainter _painter = new(seed);
    private readonly Pass _pass = new(network);

    /// <summary>The gradient of the summed loss of the last run.</summary>
    public float[] Gradient { get; } = new float[network.Parameters.Length];

    /// <summary>The summed loss of the last run.</summary>
    public float Loss { get; private set; }

    /// <summary>Paints digits never seen before and measures loss and gradient on them.</summary>
    public void Run(int images)
    {
        Array.Clear(Gradient);
        Loss = 0;
        for (var i = 0; i < images; i++)
        {
            var label = _painter.PaintAny(_pass.Input);
            _pass.Forward();
            Loss += SoftmaxCrossEntropy.Measure(_pass.Output, label, _pass.OutputGradient);
            _pass.Backward(Gradient);
        }
    }
}
