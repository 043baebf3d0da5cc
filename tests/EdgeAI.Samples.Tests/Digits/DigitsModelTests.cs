using System.Globalization;
using System.Numerics.Tensors;
using EdgeAI.Samples.Digits;

namespace EdgeAI.Samples.Tests.Digits;

/// <summary>The model file that is committed, run by plain ONNX Runtime.</summary>
[TestClass]
public class DigitsModelTests
{
    private const int Images = 10_000;
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

        Assert.IsGreaterThanOrEqualTo(0.98, MeasureAccuracy(plain, seed: 424_242));
    }

    [TestMethod]
    public void Accuracy_TestSeed_IsWhatTheFileSays()
    {
        using var plain = new PlainSession(_model);
        var metadata = plain.Session.ModelMetadata.CustomMetadataMap;

        var measured = MeasureAccuracy(plain, int.Parse(metadata["test_seed"], CultureInfo.InvariantCulture));

        // The runtime rounds differently from the trainer: a digit on the fence may fall to the other side.
        Assert.AreEqual(double.Parse(metadata["test_accuracy"], CultureInfo.InvariantCulture), measured, 0.0005);
    }

    private static double MeasureAccuracy(PlainSession plain, int seed)
    {
        var painter = new DigitPainter(seed);
        var images = new float[BatchSize * DigitPainter.PixelCount];
        var labels = new int[BatchSize];
        var correct = 0;
        for (var batch = 0; batch < Images / BatchSize; batch++)
        {
            for (var i = 0; i < BatchSize; i++) labels[i] = painter.PaintAny(images.AsSpan(i * DigitPainter.PixelCount));
            var probabilities = plain.Run(images, BatchSize);
            correct += Enumerable.Range(0, BatchSize).Count(i => TensorPrimitives.IndexOfMax(probabilities.AsSpan(i * 10, 10)) == labels[i]);
        }

        return (double)correct / Images;
    }
}
