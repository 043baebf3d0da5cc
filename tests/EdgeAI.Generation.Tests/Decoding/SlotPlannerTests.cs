namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class SlotPlannerTests
{
    private static readonly int[] _prompt = [1, 2, 3, 4, 5, 6];

    [TestMethod]
    public void Place_NothingIsKept_TakesTheFirstSlot() =>
        Assert.AreEqual(new SlotPlacement(0, -1, 0, 0), SlotPlanner.Place(Slots([], [], []), _prompt, reuse: true));

    [TestMethod]
    public void Place_ConversationIsContinued_TakesItsSlot() =>
        Assert.AreEqual(new SlotPlacement(1, 1, 4, 0), SlotPlanner.Place(Slots([], [1, 2, 3, 4], [1, 2]), _prompt, reuse: true));

    [TestMethod]
    public void Place_WholePromptIsKept_ItsLastTokenIsLeftToCompute() =>
        Assert.AreEqual(new SlotPlacement(1, 1, 5, 1), SlotPlanner.Place(Slots([9], [1, 2, 3, 4, 5, 6]), _prompt, reuse: true));

    [TestMethod]
    public void Place_KeptOneGoesOnOtherwise_CopiesToAnEmptySlot()
    {
        int[] other = [1, 2, 3, .. Enumerable.Repeat(9, 30)];

        Assert.AreEqual(new SlotPlacement(0, 1, 3, 0), SlotPlanner.Place(Slots([], other), _prompt, reuse: true));
    }

    [TestMethod]
    public void Place_AllAreKept_TheLeastRecentlyUsedGoes()
    {
        var slots = Slots([7], [8], [9]);
        (slots[0].LastUsed, slots[1].LastUsed, slots[2].LastUsed) = (5, 3, 4);

        Assert.AreEqual(new SlotPlacement(1, -1, 0, 1), SlotPlanner.Place(slots, _prompt, reuse: true));
    }

    [TestMethod]
    public void Place_OthersAreInProgress_StaysBesideThem()
    {
        var slots = Slots([], [], [], [], [1, 2, 3, 4]);
        Occupy(slots, 1, 2);

        Assert.AreEqual(new SlotPlacement(0, 4, 4, 0), SlotPlanner.Place(slots, _prompt, reuse: true));
    }

    [TestMethod]
    public void Place_ThereIsAGap_FillsIt()
    {
        var slots = Slots([], [], [], []);
        Occupy(slots, 0, 2);

        Assert.AreEqual(1, SlotPlanner.Place(slots, _prompt, reuse: true)!.Value.Slot);
    }

    [TestMethod]
    public void Place_ReuseIsNotWanted_TakesNoRows() =>
        Assert.AreEqual(new SlotPlacement(1, -1, 0, 0), SlotPlanner.Place(Slots([1, 2, 3, 4], []), _prompt, reuse: false));

    [TestMethod]
    public void Place_AllAreInProgress_HasNone()
    {
        var slots = Slots([], []);
        Occupy(slots, 0, 1);

        Assert.IsNull(SlotPlanner.Place(slots, _prompt, reuse: true));
    }

    [TestMethod]
    public void FindMove_NoGap_IsNone()
    {
        var slots = Slots([], [], [], []);
        Occupy(slots, 1, 2);

        Assert.IsNull(SlotPlanner.FindMove(slots));
    }

    [TestMethod]
    [DataRow(3, 9, 0)]
    [DataRow(9, 3, 2)]
    public void FindMove_Gap_IsFilledFromTheEndWithLessToCopy(int first, int last, int from)
    {
        var slots = Slots([.. Enumerable.Repeat(1, first)], [], [.. Enumerable.Repeat(1, last)]);
        Occupy(slots, 0, 2);

        Assert.AreEqual(new SlotMove(from, 1), SlotPlanner.FindMove(slots));
    }

    private static CacheSlot[] Slots(params int[][] contents) => [.. contents.Index().Select(slot =>
    {
        var result = new CacheSlot(slot.Index, 64);
        result.Restore(slot.Item);
        return result;
    })];

    private static void Occupy(CacheSlot[] slots, params int[] indexes)
    {
        foreach (var index in indexes) slots[index].Owner = new GenerationSequence(new GenerationRequest(new[] { 1 }), new TokenSampler(GenerationOptions.Default, new SamplingWorkspace(8), [1], 1), 64, 0);
    }
}
