using System.Diagnostics;
using System.Globalization;
using EdgeAI.Benchmarks.Serving;
using EdgeAI.Generation;

namespace EdgeAI.Benchmarks.Generation;

/// <summary>What users of an assistant feel: memory after loading, chats together beside one alone, and the time to the first token after a long pinned prompt beside that of a short prompt.</summary>
internal static class AssistantBenchmark
{
    private const int Opening = 16;
    private const int Question = 10;
    private const int ShortPrompt = 12;

    public static async Task RunAsync(Arguments arguments)
    {
        await using var host = await AssistantHost.StartAsync(arguments);
        var (rounds, chats, tokens, system) = (arguments.Count("--rounds", 5), arguments.Count("--chats", 8), arguments.Count("--tokens", 48), arguments.Count("--system", 1000));
        var weights = Directory.GetFiles(host.Folder, "*.data").Sum(file => new FileInfo(file).Length) / 1048576.0;
        var options = new TextGeneratorOptions { MaxSequences = chats, ContextLength = Math.Max(system + 128, Opening + tokens + 1) };

        // Once to see what loading costs by itself, once with the prompt that is computed at load.
        var before = ResidentMemory.Megabytes();
        var started = Stopwatch.GetTimestamp();
        await using (var loaded = await host.LoadAsync(options))
        {
            var took = Stopwatch.GetElapsedTime(started);
            var resident = ResidentMemory.MegabytesAfterCollection() - before;
            Console.WriteLine($"{loaded.Model.Id} on {host.Device.Info.Name}, {host.Threads} thread(s): loaded in {took.TotalSeconds:F1} s; weights {weights:N0} MB, resident {resident:N0} MB more than before ({resident / weights:F2}x), {Status("RssAnon")} MB of the process anonymous, peak {Status("VmHWM")} MB");
        }

        var pinned = Ids(system, 11);
        options.PinnedTokens.Add(pinned);
        await using var generator = await host.LoadAsync(options);
        var all = new List<(double One, double Together, double Slowest, double Pinned, double Short)>();
        for (var round = 0; round <= rounds; round++)
        {
            var one = (await ChatAsync(generator, 1, tokens, round)).Total;
            var (together, slowest) = await ChatAsync(generator, chats, tokens, round);
            var afterPinned = await FirstTokenAsync(generator, [.. pinned, .. Ids(Question, 1000 + round)], reuse: true);
            var alone = await FirstTokenAsync(generator, Ids(ShortPrompt, 2000 + round), reuse: false);
            if (round == 0) continue;
            all.Add((one, together, slowest, afterPinned, alone));
            Console.WriteLine($"round {round}: one chat {one:F1} tokens/s, {chats} chats {together:F1} ({together / one:F2}x), the slowest of them {slowest:F1}; first token after {system} pinned + {Question} tokens {afterPinned:F0} ms, after {ShortPrompt} tokens {alone:F0} ms ({afterPinned / alone:F2}x)");
        }

        var claims = new Claims();
        var gain = Statistics.Median(all, round => round.Together / round.One);
        var fairness = Statistics.Median(all, round => round.Slowest * chats / round.Together);
        var first = Statistics.Median(all, round => round.Pinned / round.Short);
        claims.Add("chats", $"tokens/s of {chats} over one", ">= 2.5x", $"{gain:F2}x", gain >= 2.5);
        claims.Add("chats", "the slowest chat's share of an equal one", "no starving", $"{fairness:P0}", fairness > 0.5);
        claims.Add("pinned", $"first token, over that of {ShortPrompt} tokens", "<= 1.10x", $"{first:F2}x", first <= 1.1);
        claims.Print();
    }

    /// <summary>Tokens a second of all, while all of them decode; and of the slowest.</summary>
    private static async Task<(double Total, double Slowest)> ChatAsync(ITextGenerator generator, int chats, int tokens, int round)
    {
        var times = await Task.WhenAll(Enumerable.Range(0, chats).Select(chat => Task.Run(() => TimesAsync(generator, Ids(Opening, (100 * round) + chat), tokens))));
        var (from, to) = (times.Max(chat => chat[0]), times.Min(chat => chat[^1]));
        var rates = times.Select(chat => chat.Count(time => time > from && time <= to) / Stopwatch.GetElapsedTime(from, to).TotalSeconds).ToArray();
        return (rates.Sum(), rates.Min());
    }

    private static async Task<long[]> TimesAsync(ITextGenerator generator, int[] prompt, int tokens)
    {
        var times = new List<long>();
        var options = new GenerationOptions { MaxTokens = tokens, IgnoreEndTokens = true, ReusePrefix = false, Speculate = false };
        await foreach (var _ in generator.Generate(new GenerationRequest(prompt) { Options = options })) times.Add(Stopwatch.GetTimestamp());
        return times.Count == tokens ? [.. times] : throw new WrongAnswerException($"{times.Count} tokens came, not {tokens}.");
    }

    private static async Task<double> FirstTokenAsync(ITextGenerator generator, int[] prompt, bool reuse)
    {
        var answer = generator.Generate(new GenerationRequest(prompt) { Options = new GenerationOptions { MaxTokens = 1, IgnoreEndTokens = true, ReusePrefix = reuse, Speculate = false } });
        await foreach (var _ in answer)
        {
        }

        if (reuse && answer.Usage.CachedTokens < prompt.Length - Question) throw new WrongAnswerException($"Only {answer.Usage.CachedTokens} of {prompt.Length} tokens were taken from the pinned prompt.");
        return answer.Usage.TimeToFirstToken.TotalMilliseconds;
    }

    private static int[] Ids(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => (int)((300 + ((seed + i) * 7919L)) % 31_000))];

    private static string Status(string label) => OperatingSystem.IsLinux() && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(label + ":", StringComparison.Ordinal)) is { } line
        ? (long.Parse(line[(label.Length + 1)..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024).ToString("N0", CultureInfo.InvariantCulture)
        : "?";
}
