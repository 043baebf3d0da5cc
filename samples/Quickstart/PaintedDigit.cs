using EdgeAI.Samples.Digits;

namespace EdgeAI.Samples.Quickstart;

/// <summary>An image and the digit that was meant.</summary>
internal sealed record PaintedDigit(int Digit, float[] Pixels)
{
    /// <summary>Paints digits that the model was not trained on, as long as the seed is none of the training's.</summary>
    public static PaintedDigit[] Paint(int seed, int count)
    {
        var painter = new DigitPainter(seed);
        var digits = new PaintedDigit[count];
        for (var i = 0; i < count; i++)
        {
            var pixels = new float[DigitPainter.PixelCount];
            digits[i] = new PaintedDigit(painter.PaintAny(pixels), pixels);
        }

        return digits;
    }
}
