using EdgeAI.TrainDigits.Layers;

namespace EdgeAI.Samples.Tests.TrainDigits.Layers;

[TestClass]
public class LayerTests
{
    [TestMethod]
    public void Convolution_Backward_MatchesFiniteDifferences() => GradientCheck.Run(new Convolution(3, 4, 6, 5), seed: 1);

    [TestMethod]
    public void Dense_Backward_MatchesFiniteDifferences() => GradientCheck.Run(new Dense(37, 5), seed: 2);

    [TestMethod]
    public void Rectifier_Backward_MatchesFiniteDifferences() => GradientCheck.Run(new Rectifier(50), seed: 3);

    [TestMethod]
    public void MaxPool_Backward_MatchesFiniteDifferences() => GradientCheck.Run(new MaxPool(3, 4, 6), seed: 4);

    [TestMethod]
    public void Convolution_Forward_MatchesItsDefinition()
    {
        const int Inputs = 2, Outputs = 3, Height = 5, Width = 4;
        var layer = new Convolution(Inputs, Outputs, Height, Width);
        var random = new Random(5);
        var parameters = GradientCheck.Draw(random, layer.ParameterCount);
        var input = GradientCheck.Draw(random, layer.InputLength);
        var output = new float[layer.OutputLength];

        layer.Forward(parameters, input, output);

        for (var at = 0; at < output.Length; at++)
        {
            var (o, y, x) = (at / (Height * Width), at / Width % Height, at % Width);
            double expected = parameters[layer.WeightCount + o];
            for (var w = 0; w < Inputs * 9; w++)
            {
                var (i, fromY, fromX) = (w / 9, y + (w / 3 % 3) - 1, x + (w % 3) - 1);
                if (fromY is < 0 or >= Height || fromX is < 0 or >= Width) continue;
                expected += (double)parameters[(o * Inputs * 9) + w] * input[(((i * Height) + fromY) * Width) + fromX];
            }

            Assert.AreEqual(expected, output[at], 1e-5);
        }
    }

    [TestMethod]
    public void MaxPool_Forward_TakesTheLargestOfEachBlock()
    {
        var output = new float[4];

        new MaxPool(2, 2, 4).Forward([], [1, 2, 0, 0, 3, 0, 0, 4, -1, -2, 7, 5, -3, -4, 6, 8], output);

        CollectionAssert.AreEqual(new float[] { 3, 4, -1, 8 }, output);
    }
}
