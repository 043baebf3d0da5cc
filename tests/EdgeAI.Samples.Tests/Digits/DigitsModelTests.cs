using System.Globalization;
using System.Numerics.Tensors;
using EdgeAI.Samples.Digits;

namespace EdgeAI.Samples.Tests.Digits;

/// <summary>The model file that is committed, run by plain ONNX Runtime.</summary>
[TestClass]
public class DigitsModelTests
{
    private const int BatchSize = 100;

    private static readonly byte[] _model = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "digits.onnx"));

    [TestMethod]
    public void File_Size_IsAtMost500Kilobytes() => Assert.IsLessThanOrEqualTo(500_000, _model.Length);

    [TestMethod]
    public void Signature_IsAsDocumented()
    {
        using var plain = new PlainSession(_model);

        var (inputName, input) = plain.Session.InputMetadata.Single();
        Assert.AreEqual("image", inputName);
        Assert.AreEqual(typeof(float), input.ElementType);
        CollectionAssert.AreEqual(new[] { -1, 1, 28, 28 }, input.Dimensions);
        Assert.AreEqual("batch", input.SymbolicDimensions[0]);

        var (outputName, output) = plain.Session.OutputMetadata.Single();
        Assert.AreEqual("probabilities", outputName);
        Assert.AreEqual(typeof(float), output.ElementType);
        CollectionAssert.AreEqual(new[] { -1, 10 }, output.Dimensions);
        Assert.AreEqual("batch", output.SymbolicDimensions[0]);
    }

    [TestMethod]
    public void Accuracy_DigitsOfAnotherSeed_IsAtLeast98Percent()
    {
        using var plain = new PlainSession(_model);

        Assert.IsGreaterThanOrEqualTo(0.98, MeasureAccuracy(plain, seed: 424_242, images: 2_000));
    }

    [TestMethod]
    public void Accuracy_TestSeed_IsWhatTheFileSays()
    {
        using var plain = new PlainSession(_model);
        var metadata = plain.Session.ModelMetadata.CustomMetadataMap;
        var claimed = double.Parse(metadata["test_accuracy"], CultureInfo.InvariantCulture);

        var measured = MeasureAccuracy(plain, ParseInt(metadata["test_seed"]), ParseInt(metadata["test_images"]));

        // The runtime rounds differently from the trainer: a digit on the fence may fall to the other side.
        Assert.AreEqual(claimed, measured, 0.0005);
        Assert.IsGreaterThanOrEqualTo(0.98, measured);
    }

    private static int ParseInt(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double MeasureAccuracy(PlainSession plain, int seed, int images)
    {
        var painter = new DigitPainter(seed);
        var pixels = new float[BatchSize * DigitPainter.PixelCount];
        var labels = new int[BatchSize];
        var correct = 0;
        for (var batch = 0; batch < images / BatchSize; batch++)
        {
            for (var i = 0; i < BatchSize; i++) labels[i] = painter.PaintAny(pixels.AsSpan(i * DigitPainter.PixelCount));
            var probabilities = plain.Run(pixels, BatchSize);
            correct += Enumerable.Range(0, BatchSize).Count(i => TensorPrimitives.IndexOfMax(probabilities.AsSpan(i * 10, 10)) == labels[i]);
        }

        return (double)correct / images;
    }
}
