namespace EdgeAI.TrainDigits.Layers;

internal static class Initialization
{
    /// <summary>He initialization for layers followed by a rectifier (He et al. 2015, "Delving Deep into Rectifiers"), uniform: variance 2 / inputs.</summary>
    public static void DrawWeights(this Random random, Span<float> weights, int inputs)
    {
        var limit = MathF.Sqrt(6f / inputs);
        foreach (ref var weight in weights) weight = limit * ((2 * random.NextSingle()) - 1);
    }
}
