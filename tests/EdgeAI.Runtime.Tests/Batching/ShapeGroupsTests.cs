namespace EdgeAI.Batching;

[TestClass]
public sealed class ShapeGroupsTests
{
    private static readonly BatchLayout _layout = new([0, null], [0]);

    private static readonly ModelSignature _signature = new(
        [new TensorSpec("x", TensorElementType.Float32, [-1, -1]), new TensorSpec("sr", TensorElementType.Int64, [1])],
        [new TensorSpec("y", TensorElementType.Float32, [-1]), new TensorSpec("z", TensorElementType.Float32, [-1]), new TensorSpec("words", TensorElementType.String, [-1])]);

    [TestMethod]
    public void Find_OnlyTheBatchAxisDiffers_IsTheSameGroup()
    {
        var groups = With(_layout);

        var one = groups.Find([X(1, 4), Rate(8000)], [0], out var rows);
        var three = groups.Find([X(3, 4), Rate(8000)], [0], out var more);

        Assert.AreSame(one, three);
        Assert.AreEqual((1, 3), (rows, more));
        Assert.IsTrue(one.IsStackable);
    }

    [TestMethod]
    public void Find_AnythingElseDiffers_IsAnotherGroup()
    {
        var groups = With(_layout);
        ShapeGroup[] found =
        [
            groups.Find([X(1, 4), Rate(8000)], [0], out _),
            groups.Find([X(1, 5), Rate(8000)], [0], out _),
            groups.Find([X(1, 4), Rate(16000)], [0], out _),
            groups.Find([X(1, 4), Rate(8000)], [], out _),
            groups.Find([X(1, 4), TensorValue.Create(new[] { 8000L }, 1, 1)], [0], out _),
        ];

        CollectionAssert.AllItemsAreUnique(found);
    }

    [TestMethod]
    public void Find_SharedContent_IsRememberedNotReferenced()
    {
        var groups = With(_layout);
        var rate = new[] { 8000L };
        var before = groups.Find([X(1, 4), TensorValue.Create(rate, 1)], [0], out _);

        rate[0] = 16000;

        Assert.AreNotSame(before, groups.Find([X(1, 4), TensorValue.Create(rate, 1)], [0], out _));
        Assert.AreSame(before, groups.Find([X(1, 4), Rate(8000)], [0], out _));
    }

    [TestMethod]
    public void Known_RequestsOfTwoKinds_TellsShapesSharedContentsAndHowOftenTheyCame()
    {
        var groups = With(_layout);
        for (var i = 0; i < 5; i++) groups.Find([X(3, 4), Rate(8000)], [0], out _);
        var seldom = groups.Find([X(1, 6), Rate(16000)], [0], out _);

        var known = groups.Known().OrderByDescending(shape => shape.Uses).ToArray();

        Assert.HasCount(2, known);
        Assert.AreSame(seldom, known[1].Group);
        CollectionAssert.AreEqual(new nint[] { 1, 6 }, known[1].Lengths[0]);
        Assert.IsNull(known[1].Contents[0], "a request's own content is not kept");
        CollectionAssert.AreEqual(BitConverter.GetBytes(16000L), known[1].Contents[1]);
    }

    [TestMethod]
    public void Find_WhatCannotBeStacked_RunsSingly()
    {
        var groups = With(new BatchLayout([0, 0], [0]));
        TensorValue[][] requests =
        [
            [X(2, 4), X(3, 4)],
            [X(2, 4), TensorValue.CreateStrings(["a", "b"], 2)],
            [X(0, 4), X(0, 4)],
        ];

        foreach (var inputs in requests)
        {
            Assert.IsFalse(groups.Find(inputs, [0], out var rows).IsStackable);
            Assert.AreEqual(1, rows);
        }
    }

    [TestMethod]
    public void Find_SharedInputTooLargeToCompare_RunsSingly()
    {
        var groups = With(_layout);

        Assert.IsFalse(groups.Find([X(1, 4), TensorValue.Create(new long[513], 513)], [0], out _).IsStackable);
        Assert.IsTrue(groups.Find([X(1, 4), TensorValue.Create(new long[512], 512)], [0], out _).IsStackable);
    }

    [TestMethod]
    public void Find_EverNewShapes_ForgetsTheLeastRecentlyUsed()
    {
        var groups = With(_layout);
        var old = groups.Find([X(1, 1), Rate(1)], [0], out _);
        var used = groups.Find([X(1, 2), Rate(1)], [0], out _);

        for (var columns = 3; columns < 300; columns++)
        {
            groups.Find([X(1, columns), Rate(1)], [0], out _);
            Assert.AreSame(used, groups.Find([X(1, 2), Rate(1)], [0], out _));
        }

        Assert.AreNotSame(old, groups.Find([X(1, 1), Rate(1)], [0], out _));
    }

    [TestMethod]
    public void SetLayout_ItChanges_KnownGroupsAreForgotten()
    {
        var groups = new ShapeGroups(_signature);
        var singly = groups.Find([X(2, 4), Rate(1)], [0], out var rows);
        Assert.IsFalse(singly.IsStackable);
        Assert.AreEqual(1, rows);

        groups.SetLayout(_layout);

        Assert.IsTrue(groups.Find([X(2, 4), Rate(1)], [0], out rows).IsStackable);
        Assert.AreEqual(2, rows);
    }

    [TestMethod]
    public void Find_AnOutputOfStrings_IsServedSingly()
    {
        var groups = With(_layout);

        Assert.IsFalse(groups.Find([X(2, 4), Rate(1)], [0, 2], out var rows).IsStackable);
        Assert.AreEqual(1, rows);
    }

    [TestMethod]
    public void Find_ManyThreads_AgreeOnOneGroup()
    {
        var groups = With(_layout);
        var found = new ShapeGroup[64];

        Parallel.For(0, found.Length, i => found[i] = groups.Find([X(1 + (i % 3), 4), Rate(8000)], [0], out _));

        Assert.HasCount(1, found.Distinct());
    }

    private static ShapeGroups With(BatchLayout layout)
    {
        var groups = new ShapeGroups(_signature);
        groups.SetLayout(layout);
        return groups;
    }

    private static TensorValue X(int rows, int columns) => TensorValue.Create(new float[rows * columns], rows, columns);

    private static TensorValue Rate(long rate) => TensorValue.Create(new[] { rate }, 1);
}
