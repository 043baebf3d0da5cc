using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Building;

[TestClass]
public sealed class GoldenTokensTests
{
    [TestMethod]
    public async Task Build_TrainedLlamaAtFloat32_DecodesTheGoldenTokens()
    {
        var (prompt, golden) = Golden();
        using var folder = new TemporaryFolder();
        await ModelBuilder.BuildAsync(PlainSafetensors.Read(SharedData.Require("models/llama-260k")), folder.PathOf("model"), new() { Precision = ModelPrecision.Float32 }, null, TimeProvider.System, default);

        CollectionAssert.AreEqual(golden, await DecodeAsync(folder.PathOf("model"), prompt, golden.Length));
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
