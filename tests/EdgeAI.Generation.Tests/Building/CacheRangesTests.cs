namespace EdgeAI.Generation.Tests.Building;

[TestClass]
public sealed unsafe class CacheRangesTests
{
    private const int Size = 32, Pairs = 12, Heads = 2;

    /// <summary>Heads of 30 channels, filled up to 32, of which 24 turn.</summary>
    private static readonly HeadLayout _layout = new(30, 2 * Pairs);

    [TestMethod]
    public void ToScales_KeysTurnedToAnyPosition_NeverSaturate()
    {
        var random = new Random(5);
        var rows = Rows(random, 20);
        var scales = Measure(rows).Planes;

        for (var trial = 0; trial < 200; trial++)
        {
            var row = random.Next(20);
            var (head, pair, angle) = (random.Next(Heads), random.Next(Pairs), random.NextDouble() * 1000);
            var (a, b) = (rows[At(0, head, row, pair)], rows[At(0, head, row, pair + (Size / 2))]);
            Assert.IsLessThan(127, Math.Abs(a * Math.Cos(angle) - b * Math.Sin(angle)) / scales[0][(head * Size) + pair]);
            Assert.IsLessThan(127, Math.Abs(b * Math.Cos(angle) + a * Math.Sin(angle)) / scales[0][(head * Size) + pair + (Size / 2)]);
        }
    }

    /// <summary>Values, and channels of keys that do not turn, are measured one by one: the largest is at 127 / 1.25 of its scale.</summary>
    [TestMethod]
    public void ToScales_ChannelsThatStay_HaveTheirOwnScale()
    {
        var rows = Rows(new Random(5), 20);
        var scales = Measure(rows).Planes;

        for (var plane = 0; plane < 4; plane++)
        {
            for (var channel = 0; channel < Heads * Size; channel++)
            {
                var (head, i) = Math.DivRem(channel, Size);
                if (plane % 2 == 0 && i % (Size / 2) < Pairs) continue;
                var largest = Enumerable.Range(0, 20).Max(row => Math.Abs(rows[At(plane, head, row, i)]));
                Assert.AreEqual(127 / 1.25, largest / scales[plane][channel], 1e-3);
            }
        }
    }

    [TestMethod]
    public void ToScales_ChannelWithoutValues_IsOne()
    {
        var rows = Rows(new Random(5), 20);
        for (var row = 0; row < 20; row++) rows[At(1, 1, row, 31)] = 0;

        Assert.AreEqual(1f, Measure(rows).Planes[1][Size + 31]);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void ToScales_NotANumber_IsRefused(float value)
    {
        var rows = Rows(new Random(5), 20);
        rows[At(2, 0, 7, 3)] = value;

        Assert.ThrowsExactly<InvalidOperationException>(() => Measure(rows));
    }

    // Two layers of keys and values, each channel with its own reach.
    private static float[] Rows(Random random, int count)
    {
        var rows = new float[4 * Heads * count * Size];
        for (var i = 0; i < rows.Length; i++) rows[i] = (float)((random.NextDouble() - 0.5) * (1 + (i % Size)));
        return rows;
    }

    private static int At(int plane, int head, int row, int channel) => (((((plane * Heads) + head) * 20) + row) * Size) + channel;

    /// <summary>In two parts, to see that they add up.</summary>
    private static CacheScales Measure(float[] rows)
    {
        var ranges = new CacheRanges(2, Heads, _layout);
        foreach (var (first, count) in new[] { (0, 5), (5, 15) })
        {
            var part = Enumerable.Range(0, 4 * Heads).SelectMany(block => rows[(((block * 20) + first) * Size)..(((block * 20) + first + count) * Size)]).ToArray();
            fixed (float* address = part) ranges.Add((nint)address, count);
        }

        return ranges.ToScales();
    }
}
