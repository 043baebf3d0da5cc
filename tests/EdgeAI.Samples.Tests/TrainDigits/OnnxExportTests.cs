using EdgeAI.Onnx;
using EdgeAI.Samples.Digits;
using EdgeAI.Samples.Tests.Digits;
using EdgeAI.TrainDigits;

namespace EdgeAI.Samples.Tests.TrainDigits;

[TestClass]
public class OnnxExportTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    public void ToModel_AnyBatch_RunsLikeTheNetwork(int batch)
    {
        var network = Network.ForDigits(seed: 12);
        var images = PaintImages(batch);

        using var plain = new PlainSession(Write(network));
        var probabilities = plain.Run(images, batch);

        var pass = new Pass(network);
        for (var i = 0; i < batch; i++)
        {
            images.AsSpan(i * DigitPainter.PixelCount, DigitPainter.PixelCount).CopyTo(pass.Input);
            pass.Forward();
            var exponentials = pass.Output.ToArray().Select(logit => Math.Exp(logit)).ToArray();
            for (var digit = 0; digit < 10; digit++)
            {
                Assert.AreEqual(exponentials[digit] / exponentials.Sum(), probabilities[(i * 10) + digit], 1e-5);
            }
        }
    }

    [TestMethod]
    public void ToModel_SameNetwork_WritesTheSameBytes() =>
        CollectionAssert.AreEqual(Write(Network.ForDigits(seed: 12)), Write(Network.ForDigits(seed: 12)));

    private static float[] PaintImages(int count)
    {
        var painter = new DigitPainter(seed: 13);
        var images = new float[count * DigitPainter.PixelCount];
        for (var i = 0; i < count; i++) painter.PaintAny(images.AsSpan(i * DigitPainter.PixelCount));
        return images;
    }

    private static byte[] Write(Network network)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(OnnxExport.ToModel(network, []), stream);
        return stream.ToArray();
    }
}
