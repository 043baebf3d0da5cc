namespace EdgeAI.Generation;

/// <summary>What tokens may be sampled and with what probability, in double precision and by sorting: the plain way to write it down.</summary>
internal static class ReferenceSampling
{
    public static double[] Adjust(IReadOnlyList<float> logits, GenerationOptions options, IReadOnlyList<int> prompt, IReadOnlyList<int> answer, Func<int, bool> isAllowed)
    {
        var adjusted = new double[logits.Count];
        for (var token = 0; token < adjusted.Length; token++)
        {
            var logit = logits[token] + (double)options.LogitBias.GetValueOrDefault(token);
            if (prompt.Contains(token) || answer.Contains(token)) logit = logit > 0 ? logit / options.RepetitionPenalty : logit * options.RepetitionPenalty;
            if (answer.Contains(token)) logit -= options.PresencePenalty;
            logit -= options.FrequencyPenalty * answer.Count(other => other == token);
            adjusted[token] = isAllowed(token) ? logit : double.NegativeInfinity;
        }

        return adjusted;
    }

    /// <summary>The probability of each token; 0 where a filter takes it out. <paramref name="margin"/> says how near to a border the nearest decision was.</summary>
    public static double[] Distribution(IReadOnlyList<double> adjusted, GenerationOptions options, out double margin)
    {
        margin = double.PositiveInfinity;
        var max = adjusted.Max();
        var ranked = Enumerable.Range(0, adjusted.Count).Where(token => !double.IsNegativeInfinity(adjusted[token])).OrderByDescending(token => adjusted[token]).ThenBy(token => token).ToList();
        if (options.TopK < ranked.Count)
        {
            margin = Math.Min(margin, Gap(adjusted[ranked[options.TopK.Value - 1]] - adjusted[ranked[options.TopK.Value]]));
            ranked = ranked[..options.TopK.Value];
        }

        var weights = ranked.Select(token => Math.Exp((adjusted[token] - max) / options.Temperature)).ToArray();
        var kept = ranked.Count;
        if (options.TopP < 1)
        {
            var (sum, reached) = (weights.Sum(), 0.0);
            for (kept = 0; kept < ranked.Count && reached < options.TopP * sum; kept++)
            {
                reached += weights[kept];
                margin = Math.Min(margin, Math.Abs(reached - (options.TopP * sum)) / sum);
            }

            // The order of near neighbours decides who is the last one.
            if (kept < ranked.Count) margin = Math.Min(margin, Gap(adjusted[ranked[kept - 1]] - adjusted[ranked[kept]]));
        }

        if (options.MinP > 0)
        {
            foreach (var weight in weights) margin = Math.Min(margin, weight == 1 ? 1 : Math.Abs(weight - options.MinP));
            kept = Math.Min(kept, weights.Count(weight => weight >= options.MinP));
        }

        var total = weights.Take(kept).Sum();
        var probabilities = new double[adjusted.Count];
        for (var i = 0; i < kept; i++) probabilities[ranked[i]] = weights[i] / total;
        return probabilities;

        // Exact ties are ranked by id by both; only near ones may come out either way.
        static double Gap(double difference) => difference == 0 ? double.PositiveInfinity : difference;
    }

    /// <summary>The token at a point of the cumulative distribution in the order of ids, and how near the point is to another's.</summary>
    public static int Draw(double[] probabilities, double point, out double margin)
    {
        margin = double.PositiveInfinity;
        var (sum, chosen) = (0.0, -1);
        for (var token = 0; token < probabilities.Length; token++)
        {
            if (probabilities[token] == 0) continue;
            sum += probabilities[token];
            margin = Math.Min(margin, Math.Abs(sum - point));
            if (chosen < 0 && sum > point) chosen = token;
        }

        return chosen < 0 ? Array.FindLastIndex(probabilities, probability => probability > 0) : chosen;
    }
}
