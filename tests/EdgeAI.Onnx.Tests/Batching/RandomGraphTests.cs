using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Onnx.Tests;

/// <summary>What the analysis accepts must be true: random graphs are run singly and stacked.</summary>
[TestClass]
public sealed class RandomGraphTests
{
    private const int GraphsEach = 500;

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void Analyze_RandomGraphs_AcceptsOnlyWhatAnswersTheSameStacked(int part)
    {
        var (accepted, refused) = (0, 0);
        for (var seed = part * GraphsEach; seed < (part + 1) * GraphsEach; seed++)
        {
            var model = new RandomGraph(seed).Build();
            var analysis = BatchAnalysis.Analyze(model);
            if (!analysis.IsPossible)
            {
                refused++;
                continue;
            }

            try
            {
                Assert.IsNull(StackedRuns.FindDifference(model, analysis, seed), $"seed {seed}: {string.Join(" ", model.Graph.Nodes.Select(node => node.OpType))}");
                accepted++;
            }
            catch (OnnxRuntimeException)
            {
                // Not a model that runs singly, so there is nothing to compare.
            }
        }

        Assert.IsGreaterThan(GraphsEach / 5, accepted, "Too few graphs are accepted for the comparison to mean anything.");
        Assert.IsGreaterThan(GraphsEach / 5, refused);
    }

    /// <summary>The oracle must be able to fail: with rows that meet, the stacked answer differs.</summary>
    [TestMethod]
    public void FindDifference_RowsMeet_IsFound()
    {
        var apart = new SmallGraph().Input("x", "n", 3).Node("y = Softmax x", SmallGraph.Axis(1)).Build();
        var meeting = new SmallGraph().Input("x", "n", 3).Node("y = Softmax x", SmallGraph.Axis(0)).Build();

        Assert.IsNotNull(StackedRuns.FindDifference(meeting, BatchAnalysis.Analyze(apart), seed: 1));
    }
}
