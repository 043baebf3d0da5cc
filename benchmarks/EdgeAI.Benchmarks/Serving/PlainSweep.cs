namespace EdgeAI.Benchmarks.Serving;

/// <summary>Finds the best hand-tuned plan of plain ONNX Runtime by trying all of them, twice in opposite orders so that a machine that slows down favours none.</summary>
internal static class PlainSweep
{
    private static readonly TimeSpan _lead = TimeSpan.FromMilliseconds(100);

    public static PlainPlan FindBest(ServedModel model, Sample[] samples, int cores, int clients, TimeSpan each)
    {
        var plans = PlainPlan.All(cores, clients, model.IsBatched).ToArray();
        var rates = plans.ToDictionary(plan => plan, _ => new List<double>());
        foreach (var plan in plans.Concat(plans.Reverse()))
        {
            using var server = PlainServer.Open(model, samples, plan);
            rates[plan].Add(server.Run(_lead, each).ItemsPerSecond);
        }

        Console.WriteLine($"  sweep, items/s by lanes x threads x batch: {string.Join(", ", rates.Select(rate => $"{rate.Key}: {rate.Value.Average():F0}"))}");
        return rates.MaxBy(rate => rate.Value.Average()).Key;
    }
}
