using EdgeAI.Benchmarks;

switch (args.FirstOrDefault())
{
    case "latency":
        await LatencyBenchmark.RunAsync();
        return 0;
    default:
        Console.Error.WriteLine("usage: EdgeAI.Benchmarks latency");
        return 2;
}
