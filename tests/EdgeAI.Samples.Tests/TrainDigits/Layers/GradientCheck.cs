using EdgeAI.TrainDigits.Layers;

namespace EdgeAI.Samples.Tests.TrainDigits.Layers;

/// <summary>
/// Compares a layer's gradient with central differences. Every layer is piecewise linear, so differences are exact up to rounding as
/// long as no step crosses a kink: inputs are drawn farther apart than a step.
/// </summary>
internal static class GradientCheck
{
    private const float Step = 1f / 64;
    private const double Tolerance = 2e-4;

    public static void Run(ILayer layer, int seed)
    {
        var random = new Random(seed);
        var parameters = Draw(random, layer.ParameterCount);
        var input = DrawApart(random, layer.InputLength);
        var direction = Draw(random, layer.OutputLength);
        var inputGradient = Draw(random, layer.InputLength);
        var parameterGradient = new float[layer.ParameterCount];

        layer.Backward(parameters, input, direction, inputGradient, parameterGradient);

        double Loss()
        {
            var output = new float[layer.OutputLength];
            layer.Forward(parameters, input, output);
            return output.Zip(direction, (value, weight) => (double)value * weight).Sum();
        }

        Compare(input, inputGradient, Loss, "input");
        Compare(parameters, parameterGradient, Loss, "parameter");
    }

    public static float[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];

    private static float[] DrawApart(Random random, int count)
    {
        var values = Enumerable.Range(0, count).Select(i => (i - (count / 2) + 0.5f) * 4 * Step).ToArray();
        random.Shuffle(values);
        return values;
    }

    private static void Compare(float[] values, float[] gradient, Func<double> loss, string what)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var kept = values[i];
            values[i] = kept + Step;
            var above = loss();
            values[i] = kept - Step;
            var below = loss();
            values[i] = kept;
            Assert.AreEqual((above - below) / (2 * Step), gradient[i], Tolerance, $"{what} {i}");
        }
    }
}
