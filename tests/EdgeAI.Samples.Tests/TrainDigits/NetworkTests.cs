using EdgeAI.Samples.Digits;
using EdgeAI.Samples.Tests.TrainDigits.Layers;
using EdgeAI.TrainDigits;
using EdgeAI.TrainDigits.Layers;

namespace EdgeAI.Samples.Tests.TrainDigits;

[TestClass]
public class NetworkTests
{
    [TestMethod]
    public void Constructor_LayersDoNotFit_NamesBoth()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Network(1, new Dense(4, 3), new Rectifier(5)));

        StringAssert.Contains(error.Message, "Layer 1 takes 5 values but layer 0 gives 3.");
    }

    [TestMethod]
    public void Backward_WholeNetwork_MatchesFiniteDifferences()
    {
        var network = Network.ForDigits(seed: 3);
        var pass = new Pass(network);
        var label = new DigitPainter(seed: 4).PaintAny(pass.Input);
        var gradient = new float[network.Parameters.Length];
        Loss();
        pass.Backward(gradient);

        // A step can cross a kink of a rectifier or a pool, and float32 leaves about three digits: the vectors as wholes are compared.
        var random = new Random(5);
        var checkedAt = Enumerable.Range(0, 80).Concat(Enumerable.Range(0, 300).Select(_ => random.Next(gradient.Length))).ToArray();
        double dot = 0, analytic = 0, numeric = 0;
        foreach (var i in checkedAt)
        {
            const float Step = 1f / 4096;
            var kept = network.Parameters[i];
            network.Parameters[i] = kept + Step;
            var above = Loss();
            network.Parameters[i] = kept - Step;
            var below = Loss();
            network.Parameters[i] = kept;
            var difference = (above - below) / (2 * Step);
            dot += difference * gradient[i];
            analytic += gradient[i] * gradient[i];
            numeric += difference * difference;
        }

        Assert.IsGreaterThan(0.999, dot / Math.Sqrt(analytic * numeric), "The gradients point in different directions");
        Assert.AreEqual(1, Math.Sqrt(analytic / numeric), 0.01, "The gradients differ in size");

        double Loss()
        {
            pass.Forward();
            return SoftmaxCrossEntropy.Measure(pass.Output, label, pass.OutputGradient);
        }
    }

    [TestMethod]
    public void Measure_KnownLogits_GivesLossAndGradient()
    {
        var gradient = new float[3];

        var loss = SoftmaxCrossEntropy.Measure([1, 2, 3], 1, gradient);

        var sum = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);
        Assert.AreEqual(-Math.Log(Math.Exp(2) / sum), loss, 1e-6);
        Assert.AreEqual(Math.Exp(1) / sum, gradient[0], 1e-6);
        Assert.AreEqual((Math.Exp(2) / sum) - 1, gradient[1], 1e-6);
    }

    [TestMethod]
    public void Measure_HugeLogits_StaysFinite()
    {
        Assert.AreEqual(2000, SoftmaxCrossEntropy.Measure([1000, -1000], 1, new float[2]), 1e-3);
    }
}
