using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Building;

[TestClass]
public sealed class GoldenTokensTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Build_TrainedLlamaAtFloat32_DecodesTheGoldenTokens()
    {
        var (prompt, golden) = Golden();
        using var folder = new TemporaryFolder();
        await ModelBuilder.BuildAsync(SharedData.Require("models/llama-260k"), folder.PathOf("model"), new() { Precision = ModelPrecision.Float32 });

        CollectionAssert.AreEqual(golden, await DecodeAsync(folder.PathOf("model"), prompt, golden.Length));
    }

    /// <summary>
    /// Quantised weights are another model: greedy decoding leaves the golden tokens at some point. Where depends on a processor's kernels a little; the errors of the weights do not.
    /// </summary>
    [TestMethod]
    [DataRow(ModelPrecision.Int8, 1, 0.005)]
    [DataRow(ModelPrecision.Int4, 1, 0.1)]
    public async Task Build_TrainedLlamaQuantised_StaysWithTheGoldenTokensAtFirst(ModelPrecision precision, int least, double mostError)
    {
        var (prompt, golden) = Golden();
        using var folder = new TemporaryFolder();

        var report = await ModelBuilder.BuildAsync(SharedData.Require("models/llama-260k"), folder.PathOf("model"), new() { Precision = precision });

        var tokens = await DecodeAsync(folder.PathOf("model"), prompt, golden.Length);
        var same = golden.Zip(tokens).TakeWhile(pair => pair.First == pair.Second).Count();
        TestContext.WriteLine($"{precision}: {same} of {golden.Length} tokens before the first other one; weight error {report.WeightError:P3}");
        Assert.IsGreaterThanOrEqualTo(least, same);
        Assert.IsInRange(0, mostError, report.WeightError!.Value);
    }

    [TestMethod]
    public async Task Zz_Diagnose()
    {
        using var folder = new TemporaryFolder();
        foreach (var p in Enum.GetValues<ModelPrecision>())
        {
            await ModelBuilder.BuildAsync(SharedData.Require("models/llama-260k"), folder.PathOf(p.ToString()), new() { Precision = p });
            await using var decoder = await RunningDecoder.OpenAsync(folder.PathOf(p.ToString()));
            var (prompt, golden) = Golden();
            var text = "";
            var next = prompt[0];
            for (var i = 0; i < 24; i++)
            {
                var logits = await decoder.RunAsync([next], i, keep: 1);
                var order = logits.Select((l, k) => (l, k)).OrderByDescending(x => x.l).Take(3).ToArray();
                text += $"\n{i}: golden {golden[i]} {logits[golden[i]]:F4} top {string.Join(' ', order.Select(o => $"{o.k}:{o.l:F4}"))} rms {Math.Sqrt(logits.Sum(l => l * l) / 512):F3}";
                next = golden[i];
            }

            TestContext.WriteLine(p + text);
        }
    }

    internal static (int[] Prompt, int[] Tokens) Golden()
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.Require("models/llama-260k/golden.json")))!;
        return (Ints(golden["prompt"]!), Ints(golden["tokens"]!));
    }

    internal static async Task<int[]> DecodeAsync(string folder, int[] prompt, int count)
    {
        await using var decoder = await RunningDecoder.OpenAsync(folder, capacity: prompt.Length + count);
        var tokens = new List<int>();
        var next = prompt;
        var past = 0;
        while (tokens.Count < count)
        {
            var logits = await decoder.RunAsync(next, past, keep: 1);
            past += next.Length;
            var best = Array.IndexOf(logits, logits.Max());
            tokens.Add(best);
            next = [best];
        }

        return [.. tokens];
    }

    private static int[] Ints(JsonNode list) => [.. list.AsArray().Select(item => item!.GetValue<int>())];
}
