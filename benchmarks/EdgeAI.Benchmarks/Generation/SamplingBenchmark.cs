using System.Diagnostics;
using EdgeAI.Benchmarks.Serving;
using EdgeAI.Generation;

namespace EdgeAI.Benchmarks.Generation;

/// <summary>What choosing a token by top-p takes, over logits that leave few tokens or almost all.</summary>
internal static class SamplingBenchmark
{
    private static readonly (string Name, Func<Random, float> Logit)[] _shapes =
    [
        ("equal", _ => 0),
        ("flat, within 1", random => random.NextSingle()),
        ("normal, 1", random => Normal(random)),
        ("normal, 3", random => 3 * Normal(random)),
        ("peaked", random => random.Next(2000) == 0 ? 15 + Normal(random) : Normal(random)),
    ];

    public static void Run(Arguments arguments)
    {
        var (size, rounds) = (arguments.Count("--vocabulary", 151_936), arguments.Count("--rounds", 200));
        Console.WriteLine($"{size} tokens\n{"logits",-16} {"top-p",6} {"p50 us",8} {"p99 us",8}");
        foreach (var (name, logit) in _shapes)
        {
            foreach (var topP in (float[])[0.5f, 0.9f, 0.99f])
            {
                var random = new Random(1);
                var logits = Enumerable.Range(0, size).Select(_ => logit(random)).ToArray();
                var sampler = new TokenSampler(new GenerationOptions { Temperature = 1, TopP = topP }, new SamplingWorkspace(size), [], seed: 1);
                var times = new List<double>();
                for (var round = -50; round < rounds; round++)
                {
                    var begin = Stopwatch.GetTimestamp();
                    sampler.Choose(logits);
                    if (round >= 0) times.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
                }

                Console.WriteLine($"{name,-16} {topP,6} {Statistics.Percentile(times, 50),8:F0} {Statistics.Percentile(times, 99),8:F0}");
            }
        }
    }

    private static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
