using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>
/// What the engine itself costs a request: over a device that answers at once, with tensors of 16 floats. With several clients a request also waits for the
/// others; its cost is then the time that passes for each request, over many.
/// </summary>
internal static class SchedulerCostBenchmark
{
    private const int Rounds = 15;
    private const int AllocationRequests = 50_000;
    private static readonly TimeSpan _lead = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _round = TimeSpan.FromMilliseconds(400);

    public static async Task RunAsync()
    {
        var input = new ModelInput("x", 0, [1, 16], new float[16]);
        var sample = new Sample([input], new Dictionary<string, float[]> { ["y"] = new float[16] });
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddDeviceProvider<InstantDevice>();
        await using var server = await EngineServer.StartAsync(services, ModelSource.FromBytes(BenchmarkModels.OneNode(), "one node"), new ModelOptions(), [sample]);
        Console.WriteLine($"{Rounds} rounds of {_round.TotalSeconds} s, medians; plan {server.Plan.Lanes} lane(s), batches up to {server.Plan.MaxBatch}.");
        Console.WriteLine($"{"clients",8}{"p50",11}{"p99",11}{"a request",12}{"processor",12}{"allocated",12}");
        var claims = new Claims();
        foreach (var clients in new[] { 1, 16 }) await MeasureAsync(server, clients, claims);
        claims.Print();
    }

    private static async Task MeasureAsync(EngineServer server, int clients, Claims claims)
    {
        var rounds = new List<(double Median, double Tail, double Each, double Processor)>();
        using var process = Process.GetCurrentProcess();
        for (var round = 0; round < Rounds; round++)
        {
            var before = process.TotalProcessorTime;
            var figures = await ClosedLoop.RunAsync(server, clients, _lead, _round);
            process.Refresh();
            var processor = (process.TotalProcessorTime - before).TotalMicroseconds * (_round / (_lead + _round));
            rounds.Add((figures.Percentile(50), figures.Percentile(99), 1e6 / figures.ItemsPerSecond, processor / figures.Items));
        }

        var bytes = await AllocatedAsync(server, clients);
        var (p50, p99, each) = (Statistics.Median(rounds, round => round.Median), Statistics.Median(rounds, round => round.Tail), Statistics.Median(rounds, round => round.Each));
        Console.WriteLine($"{clients,8}{p50,8:F1} us{p99,8:F1} us{each,9:F1} us{Statistics.Median(rounds, round => round.Processor),9:F1} us{bytes,10:F0} B");
        var subject = $"{clients} client{(clients == 1 ? "" : "s")}";
        if (clients == 1)
        {
            claims.Add(subject, "request, p50", "<= 20 us", $"{p50:F1} us", p50 <= 20);
            claims.Add(subject, "request, p99", "<= 50 us", $"{p99:F1} us", p99 <= 50);
        }
        else
        {
            claims.Add(subject, "time for each request", "<= 20 us", $"{each:F1} us", each <= 20);
        }

        claims.Add(subject, "allocated for each request", "<= 1024 B", $"{bytes:F0} B", bytes <= 1024);
    }

    /// <summary>Bytes for each request beyond the caller's own objects: request, tensors and state machine are reused.</summary>
    private static async Task<double> AllocatedAsync(EngineServer server, int clients)
    {
        await RunClientsAsync(server, clients, AllocationRequests / 5 / clients);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RunClientsAsync(server, clients, AllocationRequests / clients);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(AllocationRequests / clients * clients);
    }

    private static Task RunClientsAsync(EngineServer server, int clients, int each) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var request = new InferenceRequest();
            foreach (var input in server.Samples[0].Inputs) request[input.Name] = input.ToTensor();
            for (var i = 0; i < each; i++) await AskAsync(server.Model, request).ConfigureAwait(false);
        })));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask AskAsync(IModelHandle model, InferenceRequest request)
    {
        using var response = await model.RunAsync(request).ConfigureAwait(false);
    }
}
