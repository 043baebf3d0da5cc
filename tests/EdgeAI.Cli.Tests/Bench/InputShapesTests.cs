using EdgeAI.Cli.Bench;
using EdgeAI.Cli.CommandLine;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class InputShapesTests
{
    private static readonly ModelSignature _signature = new(
        [
            new TensorSpec("input", TensorElementType.Float32, [-1, 576], ["n", null]),
            new TensorSpec("state", TensorElementType.Float32, [2, -1, -1], [null, "n", null]),
        ],
        []);

    [TestMethod]
    public void Choose_NothingGiven_TakesOneForDynamicAxes()
    {
        var shapes = InputShapes.Choose(_signature, []);

        CollectionAssert.AreEqual((nint[])[1, 576], shapes[0]);
        CollectionAssert.AreEqual((nint[])[2, 1, 1], shapes[1]);
    }

    [TestMethod]
    public void Choose_ShapeOfOneInput_GivesItsSymbolsToTheOthers()
    {
        var shapes = InputShapes.Choose(_signature, [new ShapeArgument("input", [4, 576])]);

        CollectionAssert.AreEqual((nint[])[4, 576], shapes[0]);
        CollectionAssert.AreEqual((nint[])[2, 4, 1], shapes[1]);
    }

    [TestMethod]
    public void Choose_UnknownInput_NamesItAndTheSignature()
    {
        var error = Assert.ThrowsExactly<ToolException>(() => InputShapes.Choose(_signature, [new ShapeArgument("z", [1])]));

        Assert.Contains("'z'", error.Message);
        Assert.Contains("input float32[n,576]", error.Message);
    }

    [TestMethod]
    public void Choose_UnknownRank_AsksForAShape()
    {
        var signature = new ModelSignature([new TensorSpec("x", TensorElementType.Float32, []) { HasRank = false }], []);

        var error = Assert.ThrowsExactly<ToolException>(() => InputShapes.Choose(signature, []));

        Assert.Contains("--shape x=", error.Message);
        CollectionAssert.AreEqual((nint[])[3], InputShapes.Choose(signature, [new ShapeArgument("x", [3])])[0]);
    }
}
