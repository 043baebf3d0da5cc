namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class FunctionCheckerTests
{
    [TestMethod]
    public void Parse_FunctionCallsItself_IsRefused() => BadModelTests.AssertRefused(Caller(Function("f", Call("f", "a", "b"))), "function d.f calls itself");

    [TestMethod]
    public void Parse_FunctionsCallEachOther_IsRefused() =>
        BadModelTests.AssertRefused(Caller(Function("f", Call("g", "a", "b")), Function("g", Call("f", "a", "b"))), "calls itself");

    [TestMethod]
    public void Parse_FunctionCallsItselfInASubgraph_IsRefused()
    {
        var branch = new OnnxGraph("branch", [Call("f", "a", "r")], [], [TestModels.Tensor("r", "n")]);
        BadModelTests.AssertRefused(Caller(Function("f", new OnnxNode("If", ["a"], ["b"], OnnxAttribute.Graph("then_branch", branch)))), "calls itself");
    }

    [TestMethod]
    public void Parse_FunctionsMultiplyWithoutEnd_IsRefusedAtOnce()
    {
        // Each calls the next twice: 2^60 nodes when expanded.
        var functions = Enumerable.Range(0, 60).Select(i => Function($"f{i}", Call($"f{i + 1}", "a", "h"), Call($"f{i + 1}", "h", "b")));
        BadModelTests.AssertRefused(Caller([.. functions, Function("f60", new OnnxNode("Neg", ["a"], ["b"]))]), "more than 1000000 nodes");
    }

    [TestMethod]
    public void Parse_ChainOfCallsTooLong_IsRefused()
    {
        var functions = Enumerable.Range(0, 50_000).Select(i => Function($"f{i}", Call($"f{i + 1}", "a", "b")));
        BadModelTests.AssertRefused(Caller([.. functions, Function("f50000", new OnnxNode("Neg", ["a"], ["b"]))]), "more than 100 deep");
    }

    [TestMethod]
    public void Parse_FunctionDefinedTwice_IsRefused() =>
        BadModelTests.AssertRefused(Caller(Function("f", new OnnxNode("Neg", ["a"], ["b"])), Function("f", new OnnxNode("Abs", ["a"], ["b"]))), "defined twice");

    [TestMethod]
    public void Parse_FunctionUsesOuterValue_IsRefused() => BadModelTests.AssertRefused(Caller(Function("f", new OnnxNode("Add", ["a", "x"], ["b"]))), "uses value 'x'");

    [TestMethod]
    public void Parse_FunctionOutputUndefined_IsRefused() => BadModelTests.AssertRefused(Caller(Function("f", new OnnxNode("Neg", ["a"], ["c"]))), "output 'b' of function d.f");

    [TestMethod]
    public void Parse_CallerHandsDownAnAttributeOutOfRange_IsRefused()
    {
        var inner = Function("inner", new OnnxNode("Conv", ["a", "a"], ["b"], OnnxAttribute.Reference("group", OnnxAttributeType.Int, "g")));
        var outer = Function("f", new OnnxNode("inner", ["a"], ["b"], OnnxAttribute.Reference("g", OnnxAttributeType.Int, "groups")) { Domain = "d" });
        BadModelTests.AssertRefused(Caller([outer, inner], OnnxAttribute.Int("groups", 0)), "group = 0");
        BadModelTests.AssertRefused(Caller([outer with { AttributeDefaults = [OnnxAttribute.Int("groups", -1)] }, inner]), "group = -1");
    }

    private static OnnxFunction Function(string name, params ReadOnlySpan<OnnxNode> body) => new("d", name, ["a"], ["b"], [.. body], 21, new OnnxOpsetImport("d", 1));

    private static OnnxNode Call(string name, string input, string output) => new(name, [input], [output]) { Domain = "d" };

    private static OnnxModel Caller(params OnnxFunction[] functions) => Caller(functions, []);

    private static OnnxModel Caller(OnnxFunction[] functions, params ReadOnlySpan<OnnxAttribute> attributes) =>
        BadModelTests.Graph([new OnnxNode(functions[0].Name, ["x"], ["y"], attributes) { Domain = "d" }]) with { Functions = [.. functions] };
}
