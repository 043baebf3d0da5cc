using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EdgeAI.Benchmarks;
using EdgeAI.Benchmarks.Evaluation;
using EdgeAI.Benchmarks.Generation;
using EdgeAI.Benchmarks.Serving;
using EdgeAI.Benchmarks.Simulation;

// Run these on a quiet machine. Each prints its figures and ends by itself.
try
{
    return await RunAsync(args);
}
catch (WrongAnswerException error)
{
    Console.Error.WriteLine($"WRONG ANSWER: {error.Message}");
    return 1;
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

static async Task<int> RunAsync(string[] args)
{
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
        case ["probe", .. var options]:
            await ProbeBenchmark.RunAsync(new Arguments(options, "--system-root"));
            return 0;
        case [ProbeBenchmark.OnceCommand]:
            await ProbeBenchmark.RunOnceAsync();
            return 0;
        case ["inspect", var tool]:
            return InspectBenchmark.Run(tool);
        case ["simulate"]:
            return SimulateBenchmark.Run(10_000_000);
        case ["simulate", var requests]:
            return SimulateBenchmark.Run(long.Parse(requests, CultureInfo.InvariantCulture));
        case ["routing", .. var options]:
            return RoutingBenchmark.Run(new Arguments(options, "--requests", "--plot"));
        case ["throughput", .. var options]:
            await ThroughputBenchmark.RunAsync(new Arguments(options, ["--model", "--rounds", "--seconds", "--clients", .. PinnedPlan.Names]));
            return 0;
        case ["open-loop", .. var options]:
            await OpenLoopBenchmark.RunAsync(new Arguments(options, "--model", "--rounds", "--seconds"));
            return 0;
        case ["overload", .. var options]:
            await OverloadBenchmark.RunAsync(new Arguments(options, "--model", "--rounds", "--seconds"));
            return 0;
        case ["scheduler-cost"]:
            await SchedulerCostBenchmark.RunAsync();
            return 0;
        case ["prediction", .. var options]:
            await PredictionBenchmark.RunAsync(new Arguments(options, "--model", "--seconds"));
            return 0;
        case ["predict", .. var options]:
            await PredictBenchmark.RunAsync(new Arguments(options, "--model", "--seconds", "--rounds"));
            return 0;
        case ["read-bandwidth"]:
            return await ReadBandwidthBenchmark.RunAsync();
        case ["decode", .. var options]:
            await DecodeBenchmark.RunAsync(new Arguments(options, "--folder", "--threads", "--rounds", "--prompt", "--tokens"));
            return 0;
        case ["assistant", .. var options]:
            await AssistantBenchmark.RunAsync(new Arguments(options, "--folder", "--threads", "--rounds", "--chats", "--tokens", "--system"));
            return 0;
        case ["soak", .. var options]:
            await SoakBenchmark.RunAsync(new Arguments(options, ["--model", "--requests", .. PinnedPlan.Names]));
            return 0;
        case ["grammar", .. var options]:
            return GrammarBenchmark.Run(new Arguments(options, "--vocabulary", "--tokenizer", "--answers"));
        case ["structured", .. var options]:
            await StructuredBenchmark.RunAsync(new Arguments(options, "--folder", "--threads", "--rounds", "--chats"));
            return 0;
        case ["sampling", .. var options]:
            SamplingBenchmark.Run(new Arguments(options, "--vocabulary", "--rounds"));
            return 0;
        default:
            Console.Error.WriteLine("""
                usage: dotnet run --project benchmarks/EdgeAI.Benchmarks -c Release -- COMMAND
                  latency              RunAsync beside plain InferenceSession.Run at concurrency 1
                  allocations          bytes allocated for a request
                  load-cycles [N]      resident memory over N (1000) cycles of load, run, unload
                  probe [--system-root DIR]
                                       time to find the devices of all providers, in fresh processes and warm; and to read a recorded machine
                  inspect EDGEAI.DLL   the published tool's inspect on a model with 3 GB of external data
                  throughput [--model NAME] [--rounds 10] [--seconds 0.5] [--clients 16] [--lanes N] [--threads N] [--max-batch N] [--wait none|fixed|learned]
                                       closed-loop clients beside the best hand-tuned plan and one-at-a-time Run
                  open-loop [--model conv] [--rounds 8] [--seconds 1]
                                       Poisson arrivals at 30 % and 80 % of capacity, with and without batching
                  overload [--model conv] [--rounds 3] [--seconds 2]
                                       2x, 5x and 10x of capacity with a deadline: goodput, refusals, memory
                  scheduler-cost       time and bytes of a request over a device that answers at once
                  prediction [--model NAME] [--seconds 3]
                                       predicted beside seen durations of runs
                  predict [--model NAME] [--seconds 1] [--rounds 3]
                                       latency predicted before loading, from the graph and a fresh device profile, beside the measured one
                  read-bandwidth       the read bandwidth of a fresh device profile beside a plain C program, where there is a C compiler
                  decode --folder DIR [--threads N] [--rounds 7] [--prompt 128] [--tokens 32]
                                       tokens a second beside a bare chain of the model's own MatMulNBits nodes, and the share of the read bandwidth
                  assistant --folder DIR [--threads N] [--rounds 5] [--chats 8] [--tokens 48] [--system 1000]
                                       memory after loading, chats together beside one, the first token after a long pinned prompt beside that of a short one
                  soak [--model digits] [--requests 1000000]
                                       resident memory over many requests, every answer compared
                  grammar [--vocabulary 131072 | --tokenizer FOLDER] [--answers 40]
                                       structured output: time to compile a schema and to fill a mask: unknown, known, and near the end of the tokens
                  structured --folder DIR [--threads N] [--rounds 5] [--chats 1]
                                       tokens a second of answers with long property names, with jump-ahead beside without
                  sampling [--vocabulary 151936] [--rounds 200]
                                       time to choose a token by top-p, from flat to peaked logits
                  simulate [N]         the scheduler against an oracle over N (10,000,000) simulated requests with faults
                  routing [--requests 1000000] [--plot FILE.svg|FILE.png]
                                       mixed devices behind the router in simulation: throughput, deadlines, slow and failing devices, and the time of a decision; or a picture of it
                NAME: digits, silero, resnet50, squeezenet, conv, mlp; all of them where it is left out and no default is given.
                """);
            return 2;
    }
}
