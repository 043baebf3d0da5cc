namespace EdgeAI.Generation.Tests;

/// <summary>Seeded weights with the distributions that trained ones have.</summary>
internal static class RandomWeights
{
    /// <summary>Normal with a standard deviation of 0.02.</summary>
    public static float[] Gaussian(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(0.02 * Normal(random)))];
    }

    /// <summary>Student's t with 5 degrees of freedom: more outliers.</summary>
    public static float[] HeavyTailed(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(0.02 * Normal(random) / Math.Sqrt(Enumerable.Range(0, 5).Sum(_ => Math.Pow(Normal(random), 2)) / 5)))];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
