namespace EdgeAI.Batching;

[TestClass]
public sealed class ShapeGroupTests
{
    private readonly ShapeGroup _shape = new(layout: null);

    [TestMethod]
    public void CostsOn_LanesInTurn_KeepsTheCostsOfEach()
    {
        var (a, b) = (new FakeLanes(), new FakeLanes());
        var (ofA, ofB) = (_shape.CostsOn(a), _shape.CostsOn(b));

        Assert.AreNotSame(ofA, ofB);
        for (var i = 0; i < 3; i++)
        {
            Assert.AreSame(ofA, _shape.CostsOn(a));
            Assert.AreSame(ofB, _shape.CostsOn(b));
        }
    }

    [TestMethod]
    public void CostsOn_RetiredLanes_AreForgottenWithTheNextOthers()
    {
        var current = new FakeLanes();
        var kept = _shape.CostsOn(current);
        var costs = Retire(_shape, current);

        // As many plans as a model that is measured anew again and again goes through: none of their costs may be left.
        Assert.AreSame(kept, _shape.CostsOn(current));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.IsFalse(costs.Any(reference => reference.IsAlive));
    }

    /// <summary>In a frame of its own, so that nothing on the stack keeps them.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference[] Retire(ShapeGroup shape, FakeLanes current) =>
    [
        .. Enumerable.Range(0, 20).Select(_ =>
        {
            var lanes = new FakeLanes();
            var costs = new WeakReference(shape.CostsOn(lanes));
            lanes.IsRetired = true;
            shape.CostsOn(current);
            return costs;
        }),
    ];
}
