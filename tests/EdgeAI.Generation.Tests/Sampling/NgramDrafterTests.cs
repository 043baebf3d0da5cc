using CsCheck;

namespace EdgeAI.Generation;

[TestClass]
public sealed class NgramDrafterTests
{
    [TestMethod]
    [DataRow(new[] { 1, 2, 3, 4, 5, 1, 2 }, new[] { 3, 4, 5 })]
    [DataRow(new[] { 1, 2, 3, 1, 2, 9, 1, 2 }, new[] { 9, 1, 2 }, DisplayName = "the latest")]
    [DataRow(new[] { 7, 1, 2, 3, 8, 1, 2, 9, 7, 1, 2 }, new[] { 3, 8, 1 }, DisplayName = "the longest")]
    [DataRow(new[] { 5, 6, 5, 6 }, new[] { 5, 6, 5 }, DisplayName = "goes on repeating")]
    [DataRow(new[] { 4, 4, 4 }, new[] { 4, 4, 4 })]
    [DataRow(new[] { 1, 2, 3, 2 }, new int[0], DisplayName = "one token is no match")]
    [DataRow(new[] { 1 }, new int[0])]
    [DataRow(new int[0], new int[0])]
    public void Draft_History_GoesOnAsBefore(int[] tokens, int[] expected)
    {
        var drafter = new NgramDrafter(tokens.Length);
        drafter.Append(tokens);
        var draft = new int[3];

        CollectionAssert.AreEqual(expected, draft[..drafter.Draft(draft)]);
    }

    [TestMethod]
    public void Draft_AnyHistory_EqualsASearchThroughIt() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 200], Gen.Int[0, 1 << 30]).Sample(
            (alphabet, length, seed) =>
            {
                var random = new Random(seed);
                var drafter = new NgramDrafter(8);
                var history = new List<int>();
                var draft = new int[5];
                for (var i = 0; i < length; i++)
                {
                    history.Add(random.Next(alphabet + 1) * 1000);
                    drafter.Append(history[^1]);
                    if (!draft[..drafter.Draft(draft)].SequenceEqual(Search(history, draft.Length))) return false;
                }

                return drafter.Count == length;
            },
            iter: 200);

    [TestMethod]
    public void Append_WithinTheExpectedLength_AllocatesNothing()
    {
        var drafter = new NgramDrafter(2000);
        var draft = new int[8];
        Run(0, 1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1000, 2000);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                drafter.Append(i % 7 * i);
                drafter.Draft(draft);
            }
        }
    }

    private static IEnumerable<int> Search(List<int> history, int count)
    {
        for (var length = 4; length >= 2; length--)
        {
            for (var end = history.Count - 1; end >= length; end--)
            {
                if (!history[(end - length)..end].SequenceEqual(history.TakeLast(length))) continue;
                var extended = history.ToList();
                for (var i = 0; i < count; i++) extended.Add(extended[end + i]);
                return extended.TakeLast(count);
            }
        }

        return [];
    }
}
