namespace EdgeAI.Batching;

[TestClass]
public sealed class BatchLayoutTests
{
    private static readonly ModelSignature _signature = new(
        [new TensorSpec("x", TensorElementType.Float32, [-1, 4]), new TensorSpec("sr", TensorElementType.Int64, [])],
        [new TensorSpec("y", TensorElementType.Float32, [2, -1])]);

    [TestMethod]
    public void FromDeclaration_AxesThatFit_TakesThemAndSharesTheOthers()
    {
        var layout = BatchLayout.FromDeclaration(new Dictionary<string, int> { ["x"] = 0, ["y"] = 1 }, _signature, out var problem)!;

        Assert.IsNull(problem);
        CollectionAssert.AreEqual(new[] { 0, BatchLayout.Shared }, layout.InputAxes.ToArray());
        CollectionAssert.AreEqual(new[] { 1 }, layout.OutputAxes.ToArray());
    }

    [TestMethod]
    [DataRow("nothing", 0, "neither an input nor an output")]
    [DataRow("x", 2, "the tensor has 2 axes")]
    [DataRow("x", 1, "fixed length 4")]
    [DataRow("y", 1, "names no input")]
    public void FromDeclaration_DoesNotFit_SaysWhy(string name, int axis, string reason)
    {
        Assert.IsNull(BatchLayout.FromDeclaration(new Dictionary<string, int> { [name] = axis }, _signature, out var problem));

        StringAssert.Contains(problem, reason);
    }
}
