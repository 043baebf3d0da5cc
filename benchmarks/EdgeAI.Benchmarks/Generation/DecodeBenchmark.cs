using System.Diagnostics;
using EdgeAI.Benchmarks.Serving;
using EdgeAI.Devices;
using EdgeAI.Generation;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Benchmarks.Generation;

/// <summary>
/// Decoding beside a bare chain of the same MatMulNBits nodes, in turns in one process, and the share of the read bandwidth that a fresh device profile has.
/// </summary>
internal static class DecodeBenchmark
{
    private const double Target = 0.95;

    // The other session's threads look for work a while before they sleep.
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(Arguments arguments)
    {
        await using var host = await AssistantHost.StartAsync(arguments);
        var (rounds, prompt, tokens) = (arguments.Count("--rounds", 7), arguments.Count("--prompt", 128), arguments.Count("--tokens", 32));

        var profile = await host.Services.GetRequiredService<IDeviceEvaluator>().EvaluateAsync(host.Device.Info.Id, new DeviceEvaluationOptions { Refresh = true });
        var chainFolder = Directory.CreateTempSubdirectory("edgeai-decode-");
        try
        {
            await using var chain = await ProjectionChain.OpenAsync(Path.Combine(host.Folder, "model.onnx"), Path.Combine(chainFolder.FullName, "chain.onnx"), host.Device, host.Threads);
            await using var generator = await host.LoadAsync(new TextGeneratorOptions { MaxSequences = 1, ContextLength = prompt + tokens + 1, PrefixCacheBytes = 0 });
            Console.WriteLine($"{generator.Model.Id}: {chain.Nodes} projections, {chain.WeightBytes / 1e9:F3} GB a token; {prompt} prompt tokens, {tokens} decoded, {host.Threads} thread(s); {host.Device.Info.Name}.");
            await MeasureAsync(generator, chain, prompt, tokens);
            var all = new List<(double Decode, double Chain)>();
            for (var round = 1; round <= rounds; round++)
            {
                all.Add(await MeasureAsync(generator, chain, prompt, tokens));
                Console.WriteLine($"round {round}: decode {all[^1].Decode:F2} tokens/s, chain {all[^1].Chain:F2} runs/s, ratio {all[^1].Decode / all[^1].Chain:P1}");
            }

            Print(all, chain.WeightBytes, profile.ReadBandwidth);
        }
        finally
        {
            chainFolder.Delete(recursive: true);
        }
    }

    private static void Print(List<(double Decode, double Chain)> all, long weightBytes, double? readBandwidth)
    {
        var (decode, chain, ratio) = (Statistics.Median(all, round => round.Decode), Statistics.Median(all, round => round.Chain), Statistics.Median(all, round => round.Decode / round.Chain));
        Console.WriteLine();
        Console.WriteLine($"Medians over {all.Count} round(s): decode {decode:F2} tokens/s, {decode * weightBytes / 1e9:F1} GB/s of weights; bare chain {chain:F2} runs/s, {chain * weightBytes / 1e9:F1} GB/s.");
        Console.WriteLine(readBandwidth is { } bandwidth
            ? $"The device profile reads {bandwidth / 1e9:F1} GB/s: decode has {decode * weightBytes / bandwidth:P0} of it, the chain {chain * weightBytes / bandwidth:P0}."
            : "The device profile has no read bandwidth.");
        var claims = new Claims();
        claims.Add("decode", "tokens over runs of the bare chain", ">= 95 %", $"{ratio:P1}", ratio >= Target);
        claims.Print();
    }

    /// <summary>One answer, and as many runs of the chain.</summary>
    private static async Task<(double Decode, double Chain)> MeasureAsync(ITextGenerator generator, ProjectionChain chain, int prompt, int tokens)
    {
        await Task.Delay(_rest);
        var decode = await DecodeAsync(generator, prompt, tokens);
        await Task.Delay(_rest);
        await chain.RunAsync();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < tokens; i++) await chain.RunAsync();
        return (decode, tokens / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static async Task<double> DecodeAsync(ITextGenerator generator, int prompt, int tokens)
    {
        var options = new GenerationOptions { MaxTokens = tokens + 1, IgnoreEndTokens = true, ReusePrefix = false, Speculate = false };
        var ids = Enumerable.Range(0, prompt).Select(i => (int)((300 + (i * 7919L)) % generator.Model.VocabularySize)).ToArray();
        var (first, last, count) = (0L, 0L, 0);
        await foreach (var _ in generator.Generate(new GenerationRequest(ids) { Options = options }))
        {
            last = Stopwatch.GetTimestamp();
            if (count++ == 0) first = last;
        }

        if (count != tokens + 1) throw new WrongAnswerException($"{count} tokens came, not {tokens + 1}.");
        return tokens / Stopwatch.GetElapsedTime(first, last).TotalSeconds;
    }
}
