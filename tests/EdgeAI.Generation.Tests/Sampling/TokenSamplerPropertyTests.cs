using CsCheck;

namespace EdgeAI.Generation;

[TestClass]
public sealed class TokenSamplerPropertyTests
{
    // Coarse values make ties; sizes reach over blocks, vectors and the pieces of the softmax.
    private static readonly Gen<float[]> _logits =
        Gen.Select(OneOf(1, 2, 7, 63, 64, 65, 500, 2048, 2049, 5000), Gen.Int[0, 1 << 30], OneOf(0, 1), OneOf(1f, 4f, 15f)).Select((size, seed, isCoarse, spread) =>
        {
            var random = new Random(seed);
            return Enumerable.Range(0, size).Select(_ =>
            {
                var value = spread * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
                return isCoarse == 1 ? MathF.Round(value) : value;
            }).ToArray();
        });

    private static readonly Gen<GenerationOptions> _options =
        Gen.Select(OneOf(0.3f, 1f, 2.5f), Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 80].Select(k => (int?)k), Gen.Const((int?)3000)), Gen.OneOf(Gen.Const(1f), Gen.Float[0.01f, 0.999f]), Gen.OneOf(Gen.Const(0f), Gen.Float[0.001f, 1f]))
            .Select((temperature, topK, topP, minP) => new GenerationOptions { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP });

    /// <summary>Tokens equal those of sorting in double precision, except where a decision or the random point lies on a border.</summary>
    [TestMethod]
    public void Choose_AnyFilters_DrawsAsTheReference()
    {
        var (compared, skipped) = (0, 0);
        Gen.Select(_logits, _options, Gen.Long).Sample(
            (logits, options, seed) =>
            {
                var sampler = new TokenSampler(options, new SamplingWorkspace(logits.Length), [], seed);
                var probabilities = ReferenceSampling.Distribution([.. logits.Select(logit => (double)logit)], options, out var filterMargin);
                for (var place = 0; place < 10; place++)
                {
                    var token = sampler.Choose(logits);
                    var expected = ReferenceSampling.Draw(probabilities, Philox.Uniform(seed, place), out var margin);
                    if (Math.Min(filterMargin, margin) < 1e-5) Interlocked.Increment(ref skipped);
                    else if (token != expected) return false;
                    else Interlocked.Increment(ref compared);
                }

                return true;
            },
            iter: 400);

        // With thousands of tokens some points lie near a border, but not most.
        Assert.IsGreaterThan(2 * skipped, compared);
    }

    /// <summary>The set that is sampled from, whatever the random numbers say.</summary>
    [TestMethod]
    public void Candidates_TopP_AreTheSmallestSetThatReachesIt() =>
        Gen.Select(_logits, Gen.Float[0.01f, 0.99f]).Sample(
            (logits, topP) =>
            {
                var candidates = new Candidates(logits.Length);
                candidates.Gather(logits, float.MinValue);
                var sum = candidates.Weigh(logits.Max(), 1);
                candidates.KeepReaching(topP * sum);
                var kept = candidates.Ranks.ToArray().Select(TokenRank.Token).ToHashSet();
                var weights = logits.Select(logit => Math.Exp(logit - logits.Max())).ToArray();
                var (reached, least) = (kept.Sum(token => weights[token]), kept.Min(token => weights[token]));

                return reached >= (topP - 1e-5) * weights.Sum()
                    && reached - least <= (topP + 1e-5) * weights.Sum()
                    && Enumerable.Range(0, logits.Length).All(token => kept.Contains(token) || weights[token] <= least);
            },
            iter: 300);

    /// <summary>Many tokens, near to each other, equal or apart: the nucleus ends where sorting in double precision says, unless rounding decides.</summary>
    [TestMethod]
    public void Nucleus_AnyLogits_EndsWhereTheReferenceSays()
    {
        var compared = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            int size = Pick<int>(random, 5000, 5003, 40_000);
            float spread = Pick<float>(random, 0, 1e-6f, 0.01f, 1, 5, 40), offset = Pick<float>(random, -30f, 0, 200), temperature = Pick<float>(random, 0.5f, 1, 3), topP = Pick<float>(random, 0.01f, 0.3f, 0.9f, 0.95f, 0.999f);
            var isCoarse = random.Next(2) == 0;
            var logits = new float[size];
            for (var i = 0; i < size; i++) logits[i] = offset + (spread * (isCoarse ? random.Next(5) : random.NextSingle()));
            for (var i = 0; i < 20; i++) logits[random.Next(1, size)] = float.NegativeInfinity;
            var max = logits.Max();
            var ranked = Enumerable.Range(0, size).OrderByDescending(token => logits[token]).ThenBy(token => token).ToArray();
            var weights = ranked.Select(token => Math.Exp(((double)logits[token] - max) / temperature)).ToArray();
            var goal = topP * weights.Sum();
            var (kept, reached) = (0, 0.0);
            while (reached < goal) reached += weights[kept++];
            var actual = Array.IndexOf(ranked, TokenRank.Token(new Nucleus(size).LeastRank(logits, max, temperature, topP))) + 1;
            if (actual == kept) compared++;

            // As far from the border as sums of single precision may be, or one token.
            Assert.IsLessThanOrEqualTo((2e-6 * weights.Sum()) + weights[kept - 1], Math.Abs(weights.Take(actual).Sum() - reached), $"seed {seed}: {actual} kept, not {kept}");
        }

        Assert.IsGreaterThan(150, compared);
    }

    [TestMethod]
    public void Nucleus_Draw_TakesTheTokenAtThePoint()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            int size = Pick<int>(random, 5000, 9001);
            float spread = Pick<float>(random, 0, 0.5f, 3), minP = Pick<float>(random, 0, 0.3f);
            var point = random.NextDouble();
            var logits = new float[size];
            for (var i = 0; i < size; i++) logits[i] = spread * random.NextSingle();
            var max = logits.Max();
            var nucleus = new Nucleus(size);
            var least = nucleus.LeastRank(logits, max, 1, 0.8f);
            var token = nucleus.Draw(logits, max, 1, 0.8f, minP, point);
            var weights = logits.Select((logit, id) => TokenRank.Of(logit, id) >= least && MathF.Exp(logit - max) >= minP ? Math.Exp((double)logit - max) : 0).ToArray();
            var (goal, before) = (point * weights.Sum(), weights.Take(token).Sum());

            Assert.IsGreaterThan(0, weights[token]);
            Assert.IsLessThanOrEqualTo(goal + (1e-5 * weights.Sum()), before);
            Assert.IsGreaterThanOrEqualTo(goal - (1e-5 * weights.Sum()), before + weights[token]);
        }
    }

    [TestMethod]
    public void GatherTop_AnyCount_KeepsTheBestWithTiesToTheLowest() =>
        Gen.Select(_logits, Gen.Int[1, 3000]).Sample(
            (logits, count) =>
            {
                var candidates = new Candidates(logits.Length);
                candidates.GatherTop(logits, count);
                var expected = Enumerable.Range(0, logits.Length).OrderByDescending(token => logits[token]).ThenBy(token => token).Take(count);

                return candidates.Ranks.ToArray().Select(TokenRank.Token).SequenceEqual(expected.Order())
                    && candidates.Sorted().ToArray().Select(TokenRank.Token).SequenceEqual(expected);
            },
            iter: 300);

    [TestMethod]
    public void Gather_AnyFloor_TakesWhatIsNotBelow() =>
        Gen.Select(_logits, Gen.Float[-20, 20]).Sample(
            (logits, floor) =>
            {
                logits[0] = float.NegativeInfinity;
                var candidates = new Candidates(logits.Length);
                candidates.Gather(logits, floor);
                var isExact = candidates.Ranks.ToArray().Select(TokenRank.Token).SequenceEqual(Enumerable.Range(0, logits.Length).Where(token => logits[token] >= floor));
                candidates.Gather(logits, float.NegativeInfinity);
                return isExact && candidates.Count == logits.Length - 1;
            },
            iter: 300);

    /// <summary>Bias, penalties and mask together, over several tokens of an answer.</summary>
    [TestMethod]
    public void Choose_GreedyWithPenalties_TakesTheReferencesBest() =>
        Gen.Select(_logits, Gen.Int, Gen.Select(OneOf(0.5f, 1f, 1.3f), OneOf(-1f, 0f, 0.5f), OneOf(-0.25f, 0f, 0.25f)), Gen.Bool).Sample(
            (logits, seed, penalties, isMasked) =>
            {
                var random = new Random(seed);
                var bias = new Dictionary<int, float>();
                for (var i = random.Next(0, 5); i > 0; i--) bias[random.Next(logits.Length)] = random.Next(4) == 0 ? float.NegativeInfinity : random.Next(-2, 3);
                var prompt = Enumerable.Range(0, random.Next(1, 10)).Select(_ => random.Next(logits.Length)).ToArray();
                var allowed = Enumerable.Range(0, TokenMask.Length(logits.Length)).Select(i => i % 3 == 2 ? 0UL : i % 3 == 1 ? ulong.MaxValue : (ulong)random.NextInt64() | 1).ToArray();
                var options = new GenerationOptions { LogitBias = bias, RepetitionPenalty = penalties.Item1, PresencePenalty = penalties.Item2, FrequencyPenalty = penalties.Item3, MaxTokens = 1 };
                var sampler = new TokenSampler(options, new SamplingWorkspace(logits.Length), prompt, 0);
                var answer = new List<int>();
                for (var step = 0; step < 10; step++)
                {
                    var adjusted = ReferenceSampling.Adjust(logits, options, prompt, answer, token => !isMasked || (allowed[token / 64] >> token % 64 & 1) == 1);
                    if (double.IsNegativeInfinity(adjusted.Max())) return Throws(() => sampler.Choose(logits, isMasked ? allowed : []));
                    var token = sampler.Choose(logits, isMasked ? allowed : []);

                    // Float rounding may take another of nearly equal ones.
                    if (adjusted[token] < adjusted.Max() - 1e-4) return false;
                    answer.Add(token);
                }

                return true;
            },
            iter: 300);

    private static T Pick<T>(Random random, params ReadOnlySpan<T> values) => values[random.Next(values.Length)];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static bool Throws(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (TokenSelectionException)
        {
            return true;
        }
    }

    /// <summary>Frequencies of seeded samples fit the probabilities: a chi-square statistic at fixed seeds.</summary>
    [TestMethod]
    [DataRow(1f, null, 1f, 0f)]
    [DataRow(0.7f, null, 1f, 0f)]
    [DataRow(1.5f, 12, 1f, 0f)]
    [DataRow(1f, null, 0.8f, 0f)]
    [DataRow(1f, null, 1f, 0.1f)]
    [DataRow(1f, 20, 0.9f, 0.05f)]
    public void Choose_ManySeeds_FollowsTheDistribution(float temperature, int? topK, float topP, float minP)
    {
        const int Samples = 20_000;
        var logits = Enumerable.Range(0, 40).Select(i => 3 * MathF.Sin(i * 1.7f)).ToArray();
        var options = new GenerationOptions { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP };
        var expected = ReferenceSampling.Distribution([.. logits.Select(logit => (double)logit)], options, out _);
        var workspace = new SamplingWorkspace(logits.Length);
        var counts = new int[logits.Length];
        for (var seed = 0; seed < Samples / 10; seed++)
        {
            var sampler = new TokenSampler(options, workspace, [], seed);
            for (var place = 0; place < 10; place++) counts[sampler.Choose(logits)]++;
        }

        var kept = Enumerable.Range(0, logits.Length).Where(token => expected[token] > 0).ToArray();
        Assert.AreEqual(Samples, kept.Sum(token => counts[token]), "nothing else is sampled");
        var statistic = kept.Sum(token => Math.Pow(counts[token] - (Samples * expected[token]), 2) / (Samples * expected[token]));

        // Mean n - 1, variance 2 (n - 1): four deviations, at fixed seeds.
        var freedom = kept.Length - 1;
        Assert.IsLessThan(freedom + (4 * Math.Sqrt(2 * freedom)), statistic);
    }
}
