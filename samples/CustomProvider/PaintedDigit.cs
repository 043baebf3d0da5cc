using EdgeAI.Samples.Digits;

namespace EdgeAI.Samples.CustomProvider;

/// <summary>An image and the digit that was meant.</summary>
internal sealed record PaintedDigit(int Digit, float[] Pixels)
{
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
