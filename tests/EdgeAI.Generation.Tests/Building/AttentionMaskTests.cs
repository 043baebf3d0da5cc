namespace EdgeAI.Generation.Tests.Building;

/// <summary>What the decoding engine relies on: only the row sums of the mask and its length reach attention, and the length may be more than is filled.</summary>
[TestClass]
public sealed class AttentionMaskTests
{
    private const int Capacity = 16;
    private const double Rounding = 1e-5;

    [TestMethod]
    [DataRow(12)]
    [DataRow(5, 4, 1, 1, 1)]
    [DataRow(1, 1, 3, 7)]
    public async Task Run_MaskLongerThanWhatIsFilled_GivesTheSameLogits(params int[] pieces)
    {
        using var folder = new TemporaryFolder();
        await BuildAsync(folder);
        await using var exact = await RunningDecoder.OpenAsync(folder.PathOf("model"), capacity: Capacity);
        await using var padded = await RunningDecoder.OpenAsync(folder.PathOf("model"), capacity: Capacity);
        var past = 0;
        foreach (var piece in pieces)
        {
            var tokens = SmallModel.Prompt[past..(past + piece)];
            Assert.IsLessThan(Rounding, Distance(await exact.RunAsync(tokens, past), await padded.RunAsync(tokens, past, maskLength: Capacity)), $"{piece} tokens after {past}");
            past += piece;
        }
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(Capacity)]
    public async Task Run_RowsOfDifferentLengths_EachIsAsIfAlone(int? maskLength)
    {
        int[][] sequences = [[5, 81, 17, 2, 44, 60, 7], [33, 80, 1], [29, 9, 61, 4, 8]];
        using var folder = new TemporaryFolder();
        await BuildAsync(folder);
        await using var together = await RunningDecoder.OpenAsync(folder.PathOf("model"), rows: sequences.Length, capacity: Capacity);
        var steps = sequences.Max(sequence => sequence.Length);

        // The rows end together, so they begin at different steps; until then a row writes its first position again and again.
        int Begin(int row) => steps - sequences[row].Length;
        float[] logits = [];
        for (var step = 0; step < steps; step++)
        {
            var tokens = sequences.Select((sequence, row) => new[] { step < Begin(row) ? 0 : sequence[step - Begin(row)] }).ToArray();
            var past = sequences.Select((_, row) => Math.Max(0, step - Begin(row))).ToArray();
            logits = await together.RunAsync(tokens, past, maskLength);
        }

        var width = logits.Length / sequences.Length;
        for (var row = 0; row < sequences.Length; row++)
        {
            await using var alone = await RunningDecoder.OpenAsync(folder.PathOf("model"), capacity: Capacity);
            var expected = await alone.RunAsync(sequences[row], 0, keep: 1);
            Assert.IsLessThan(Rounding, Distance(expected, logits[(row * width)..((row + 1) * width)]), $"row {row}");
        }
    }

    [TestMethod]
    public async Task Run_FirstPromptWithStaleCache_DoesNotSeeIt()
    {
        using var folder = new TemporaryFolder();
        await BuildAsync(folder);
        await using var fresh = await RunningDecoder.OpenAsync(folder.PathOf("model"), capacity: Capacity);
        await using var used = await RunningDecoder.OpenAsync(folder.PathOf("model"), capacity: Capacity);
        await used.RunAsync([7, 7, 7, 7, 7, 7, 7, 7], 0);

        Assert.IsLessThan(Rounding, Distance(await fresh.RunAsync([5, 81, 17], 0), await used.RunAsync([5, 81, 17], 0, maskLength: Capacity)));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(5)]
    public async Task Run_LogitsToKeep_AreTheLastOnes(int keep)
    {
        using var folder = new TemporaryFolder();
        await BuildAsync(folder);
        await using var all = await RunningDecoder.OpenAsync(folder.PathOf("model"), capacity: Capacity);
        await using var some = await RunningDecoder.OpenAsync(folder.PathOf("model"), capacity: Capacity);

        var logits = await all.RunAsync([5, 81, 17, 2, 44], 0);

        Assert.IsLessThan(Rounding, Distance(logits[^(keep * logits.Length / 5)..], await some.RunAsync([5, 81, 17, 2, 44], 0, keep: keep)));
    }

    // Sliding windows are where a wrong length would show first.
    private static Task<ModelBuildReport> BuildAsync(TemporaryFolder folder) =>
        DecoderFamilyTests.BuildAsync(SmallModels.Create("gemma2"), folder.PathOf("model"), new() { Precision = ModelPrecision.Float32 });

    private static double Distance(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        return expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
    }
}
