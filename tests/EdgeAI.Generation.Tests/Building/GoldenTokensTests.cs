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
