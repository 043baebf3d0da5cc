namespace EdgeAI.Benchmarks.Serving;

/// <summary>Finds the best hand-tuned plan of plain ONNX Runtime by trying all of them, twice in opposite orders so that a machine that slows down favours none.</summary>
internal static class PlainSweep
{
    private static readonly TimeSpan _lead = TimeSpan.FromMilliseconds(100);

    /// <summary>The plan whose lanes run most rows when they do nothing else.</summary>
    public static async Task<PlainPlan> FindBestBoundAsync(ServedModel model, Sample[] samples, int cores, int clients, TimeSpan each) =>
        await FindBestAsync("bound", PlainPlan.All(cores, clients, model.IsBatched), plan =>
        {
            using var server = PlainServer.Open(model, samples, plan);
            return Task.FromResult(server.Run(_lead, each));
        });

    /// <summary>The plan under which a hand-written batcher answers so many clients fastest.</summary>
    public static async Task<PlainPlan> FindBestServedAsync(ServedModel model, Sample[] samples, int cores, int clients, TimeSpan each) =>
        await FindBestAsync("batcher", PlainPlan.All(cores, int.MaxValue, model.IsBatched), async plan =>
        {
            using var server = PlainBatcher.Start(model, samples, plan);
            return await ClosedLoop.RunAsync(server, clients, _lead, each);
        });

    private static async Task<PlainPlan> FindBestAsync(string name, IEnumerable<PlainPlan> plans, Func<PlainPlan, Task<LoadFigures>> measure)
    {
        var all = plans.ToArray();
        var rates = all.ToDictionary(plan => plan, _ => new List<double>());

        // Once for nothing: code that is compiled while it is measured favours those that come later.
        foreach (var plan in all) await measure(plan);
        foreach (var plan in all.Concat(all.Reverse())) rates[plan].Add((await measure(plan)).ItemsPerSecond);
        Console.WriteLine($"  {name}, items/s by lanes x threads x batch: {string.Join(", ", rates.Select(rate => $"{rate.Key}: {rate.Value.Average():F0}"))}");
        return rates.MaxBy(rate => rate.Value.Average()).Key;
    }
}
