using EdgeAI.Samples.Digits;

namespace EdgeAI.Samples.Tests.Digits;

[TestClass]
public class DigitPainterTests
{
    /// <summary>Grey that noise on bare paper cannot reach, and that most inked pixels pass.</summary>
    private const float InkThreshold = 0.51f;

    private const int Repeats = 100;

    public static IEnumerable<(int Digit, int Variant)> Variants =>
        from digit in Enumerable.Range(0, 10)
        from variant in Enumerable.Range(0, DigitShapes.Of(digit).Count)
        select (digit, variant);

    [TestMethod]
    public void PaintAny_SameSeed_PaintsTheSameDigits()
    {
        var first = Paint(seed: 7, count: 50);
        var second = Paint(seed: 7, count: 50);

        CollectionAssert.AreEqual(first.Labels, second.Labels);
        CollectionAssert.AreEqual(first.Pixels, second.Pixels);
    }

    [TestMethod]
    public void PaintAny_OtherSeed_PaintsOtherDigits()
    {
        CollectionAssert.AreNotEqual(Paint(seed: 7, count: 50).Pixels, Paint(seed: 8, count: 50).Pixels);
    }

    [TestMethod]
    public void PaintAny_ManyTimes_PaintsEveryDigitAboutEquallyOften()
    {
        var counts = Paint(seed: 3, count: 2000).Labels.CountBy(label => label).ToDictionary();

        Assert.HasCount(10, counts);
        foreach (var (digit, count) in counts) Assert.IsTrue(count is > 140 and < 260, $"{digit} was painted {count} times of 2000");
    }

    [TestMethod]
    public void Shapes_EveryDigit_HasSeveralVariants()
    {
        for (var digit = 0; digit < 10; digit++) Assert.IsGreaterThanOrEqualTo(3, DigitShapes.Of(digit).Count);
    }

    [TestMethod]
    [DynamicData(nameof(Variants))]
    public void Paint_EveryVariant_LiesInsideTheImage(int digit, int variant)
    {
        var painter = new DigitPainter(seed: 11);
        var pixels = new float[DigitPainter.PixelCount];
        var inked = 0;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            painter.Paint(digit, variant, pixels);

            foreach (var pixel in pixels) Assert.IsTrue(pixel is >= 0 and <= 1, $"A pixel is {pixel}");
            inked += pixels.Count(pixel => pixel > InkThreshold);
            for (var i = 0; i < DigitPainter.Side; i++)
            {
                Assert.IsLessThan(InkThreshold, pixels[i], "Ink in the top row");
                Assert.IsLessThan(InkThreshold, pixels[DigitPainter.PixelCount - 1 - i], "Ink in the bottom row");
                Assert.IsLessThan(InkThreshold, pixels[i * DigitPainter.Side], "Ink in the left column");
                Assert.IsLessThan(InkThreshold, pixels[((i + 1) * DigitPainter.Side) - 1], "Ink in the right column");
            }
        }

        Assert.IsGreaterThan(Repeats * 10, inked, "Too little ink to be read");
    }

    private static (int[] Labels, float[] Pixels) Paint(int seed, int count)
    {
        var painter = new DigitPainter(seed);
        var labels = new int[count];
        var pixels = new float[count * DigitPainter.PixelCount];
        for (var i = 0; i < count; i++) labels[i] = painter.PaintAny(pixels.AsSpan(i * DigitPainter.PixelCount));
        return (labels, pixels);
    }
}
