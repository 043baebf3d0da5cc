namespace EdgeAI.Onnx.Tests;

/// <summary>One small graph a case. Those accepted are run in ONNX Runtime too, singly and stacked.</summary>
[TestClass]
public sealed class BatchRuleTests
{
    public static IEnumerable<object[]> Accepted => AcceptedGraphs.All.Keys.Select(name => new object[] { name });

    public static IEnumerable<object[]> Refused => RefusedGraphs.All.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Accepted))]
    public void Analyze_RowsStayApart_IsPossibleAndTrue(string name)
    {
        var model = AcceptedGraphs.All[name];

        var analysis = BatchAnalysis.Analyze(model);

        Assert.IsTrue(analysis.IsPossible, analysis.Reason);
        for (var seed = 0; seed < 3; seed++) Assert.IsNull(StackedRuns.FindDifference(model, analysis, seed));
    }

    [TestMethod]
    [DynamicData(nameof(Refused))]
    public void Analyze_RowsMeet_IsNotPossible(string name)
    {
        var (model, reason) = RefusedGraphs.All[name];

        var analysis = BatchAnalysis.Analyze(model);

        Assert.IsFalse(analysis.IsPossible);
        StringAssert.Contains(analysis.Reason, reason);
    }
}
