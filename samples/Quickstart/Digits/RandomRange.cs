namespace EdgeAI.Samples.Digits;

internal static class RandomRange
{
    /// <summary>Uniform in [low, high).</summary>
    public static float Between(this Random random, float low, float high) => low + (random.NextSingle() * (high - low));
}
