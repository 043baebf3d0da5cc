using EdgeAI.Testing.Conformance;

namespace EdgeAI.Testing.Tests.Conformance;

[TestClass]
public sealed class ConformanceModelTests
{
    public static IEnumerable<object[]> Models => ConformanceModels.All.Append(ConformanceModels.UnknownOperator).Select(model => new object[] { model });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Open_EveryModel_ReadsBackAsDescribed(ConformanceModel model)
    {
        using var descriptor = model.Open();
        Assert.AreEqual(model.Signature.ToString(), descriptor.Signature.ToString());
        CollectionAssert.AreEquivalent(model.Operators.ToArray(), descriptor.Operators.ToArray());
    }

    [TestMethod]
    public void Reference_MatMul_IsRightByHand()
    {
        // Rows of w: (-3,-2,-1), (2,3,-3), (0,1,2), (-2,-1,0), each over 4.
        using var x = TensorValue.Create([4f, 0, 0, 0, 1, 1, 1, 1], 2, 4);
        using var y = ConformanceModels.MatMul.Reference([x])[0];
        CollectionAssert.AreEqual(new[] { -3f, -2, -1, -0.75f, 0.25f, -0.5f }, y.AsSpan<float>().ToArray());
    }

    [TestMethod]
    public void Reference_Heavy_MovesColumnsBy24()
    {
        using var x = TensorValue.Create([.. Enumerable.Range(0, 192).Select(i => (float)i)], 1, 192);
        using var y = ConformanceModels.Heavy.Reference([x])[0];
        Assert.AreEqual(0f, y.AsSpan<float>()[24]);
        Assert.AreEqual(191f, y.AsSpan<float>()[23]);
    }
}
