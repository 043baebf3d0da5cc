using CsCheck;

namespace EdgeAI.Generation.Tests.Tokenization;

[TestClass]
public sealed class BpeMergerTests
{
    private static BpeMerges Doubling()
    {
        // 0 0 -> 1, 1 1 -> 2, ... : a run of one symbol merges to the top, the worst case.
        var merges = new BpeMerges(16);
        for (var i = 0; i < 16; i++) merges.Add(i, i, i, i + 1);
        return merges;
    }

    [TestMethod]
    public void Merge_HeapAndScan_GiveTheSame() => Gen.Int[0, 3].Array[0, 60].Select(Gen.Int[0, 1000]).Sample((symbols, seed) =>
    {
        var merges = new BpeMerges(16);
        var random = new Random(seed);
        for (var rank = 0; rank < 12; rank++) merges.Add(random.Next(8), random.Next(8), rank, random.Next(8));
        List<int> scanned = [], heaped = [];

        new BpeMerger(merges).MergeShort(symbols, scanned);
        new BpeMerger(merges).MergeLong(symbols, heaped);

        CollectionAssert.AreEqual(scanned, heaped);
    });

    [TestMethod]
    public void Merge_OneWordOfAMillionSymbols_TakesStepsInProportion()
    {
        var merges = Doubling();

        var (small, large) = (StepsFor(125_000, merges), StepsFor(1_000_000, merges));

        // Eight times the symbols: n log n gives 8 * 20 / 17 = 9.4 times the steps, n squared would give 64 times.
        Assert.IsLessThan(10.5 * small, large);
        Assert.IsLessThan(100L * 1_000_000, large);
    }

    private static long StepsFor(int length, BpeMerges merges)
    {
        var merger = new BpeMerger(merges);
        var output = new List<int>();
        merger.Merge(new int[length], output);
        Assert.AreEqual((length / 65_536) + int.PopCount(length % 65_536), output.Count);
        return merger.Steps;
    }
}
