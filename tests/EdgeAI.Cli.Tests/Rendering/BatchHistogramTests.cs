using CsCheck;
using EdgeAI.Cli.Rendering;

namespace EdgeAI.Cli.Tests.Rendering;

[TestClass]
public sealed class BatchHistogramTests
{
    [TestMethod]
    public void Bin_FewSizes_KeepsEach()
    {
        var bins = BatchHistogram.Bin(new Dictionary<int, long> { [8] = 5, [1] = 2 });

        CollectionAssert.AreEqual((KeyValuePair<string, long>[])[new("1", 2), new("8", 5)], bins.ToArray());
    }

    [TestMethod]
    public void Bin_ManySizes_MakesRangesThatDouble()
    {
        var bins = BatchHistogram.Bin(Enumerable.Range(1, 16).ToDictionary(size => size, _ => 1L));

        CollectionAssert.AreEqual((KeyValuePair<string, long>[])[new("1", 1), new("2", 1), new("3-4", 2), new("5-8", 4), new("9-16", 8)], bins.ToArray());
    }

    [TestMethod]
    public void Bin_AnySizes_LosesNoRequest() =>
        Gen.Dictionary(Gen.Int[1, 65_536], Gen.Long[1, 1000])[1, 100].Sample(sizes => BatchHistogram.Bin(sizes).Sum(bin => bin.Value) == sizes.Values.Sum());
}
