using System.Numerics.Tensors;
using EdgeAI.Samples.Digits;

namespace EdgeAI.TrainDigits;

/// <summary>Measures a network on digits that it was not trained on.</summary>
internal static class Evaluation
{
    /// <summary>Counts the digits of a seed that the network reads correctly.</summary>
    public static int CountCorrect(Network network, int seed, int images)
    {
        var painter = new DigitPainter(seed);
        var pass = new Pass(network);
        var correct = 0;
        for (var i = 0; i < images; i++)
        {
            var label = painter.PaintAny(pass.Input);
            pass.Forward();
            if (TensorPrimitives.IndexOfMax(pass.Output) == label) correct++;
        }

        return correct;
    }
}
