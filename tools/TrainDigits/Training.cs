using System.Numerics.Tensors;

namespace EdgeAI.TrainDigits;

/// <summary>Trains a network on an endless stream of painted digits: no digit is seen twice. The same options give the same parameters, bit for bit.</summary>
internal static class Training
{
    /// <summary>Trains in place.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="options">How to train.</param>
    /// <param name="report">Told after each step its number, from 1, and the mean loss of its images.</param>
    public static void Run(Network network, TrainingOptions options, Action<int, float> report)
    {
        var shards = Enumerable.Range(1, options.Shards).Select(i => new Shard(network, options.Seed + i)).ToArray();
        var adam = new Adam(network.Parameters.Length);
        var gradient = new float[network.Parameters.Length];
        for (var step = 1; step <= options.Steps; step++)
        {
            Parallel.ForEach(shards, shard => shard.Run(options.BatchSize / options.Shards));

            Array.Clear(gradient);
            foreach (var shard in shards) FixedOrder.AddScaled(shard.Gradient, 1f / options.BatchSize, gradient);
            adam.Step(network.Parameters, gradient, Rate(step, options));
            report(step, shards.Sum(shard => shard.Loss) / options.BatchSize);
        }
    }

    private static float Rate(int step, TrainingOptions options)
    {
        var warmUp = Math.Max(1, options.Steps / 20);
        return options.PeakRate * Math.Min(step / (float)warmUp, (options.Steps - step + 1) / (float)options.Steps);
    }
}
