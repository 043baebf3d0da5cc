using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EdgeAI.Benchmarks;
using EdgeAI.Benchmarks.Simulation;

// Run these on a quiet machine. Each prints its figures and ends by itself.
switch (args)
{
    case ["latency"]:
        await LatencyBenchmark.RunAsync();
        return 0;
    case ["allocations"]:
        BenchmarkRunner.Run<AllocationBenchmarks>(DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
        return 0;
    case ["load-cycles"]:
        await LoadCycles.RunAsync(1000);
        return 0;
    case ["load-cycles", var cycles]:
        await LoadCycles.RunAsync(int.Parse(cycles, CultureInfo.InvariantCulture));
        return 0;
    case ["simulate"]:
        return SimulateBenchmark.Run(10_000_000);
    case ["simulate", var requests]:
        return SimulateBenchmark.Run(long.Parse(requests, CultureInfo.InvariantCulture));
    case ["inspect", var tool]:
        return InspectBenchmark.Run(tool);
    default:
        Console.Error.WriteLine("""
            usage: dotnet run --project benchmarks/EdgeAI.Benchmarks -c Release -- COMMAND
              latency              RunAsync beside plain InferenceSession.Run at concurrency 1
              allocations          bytes allocated for a request
              load-cycles [N]      resident memory over N (1000) cycles of load, run, unload
              simulate [N]         the scheduler against an oracle over N (10,000,000) simulated requests with faults
              inspect EDGEAI.DLL   the published tool's inspect on a model with 3 GB of external data
            """);
        return 2;
}
