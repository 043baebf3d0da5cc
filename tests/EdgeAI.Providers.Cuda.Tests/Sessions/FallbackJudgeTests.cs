using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cuda.Sessions;

namespace EdgeAI.Providers.Cuda.Tests.Sessions;

[TestClass]
public sealed class FallbackJudgeTests
{
    // "op" is on the GPU, "op!" on the CPU; "domain:op".
    [TestMethod]
    [DataRow("Conv Relu MatMul", null)]
    [DataRow("Conv Shape! Gather! Concat! Reshape", null)]
    [DataRow("Conv NonMaxSuppression!", "NonMaxSuppression")]
    [DataRow("Conv LSTM! LSTM! Loop! Shape!", "LSTM, Loop")]
    [DataRow("Conv com.microsoft:DynamicQuantizeLSTM!", "com.microsoft.DynamicQuantizeLSTM")]
    [DataRow("Conv com.microsoft:Gather!", "com.microsoft.Gather")]
    [DataRow("Shape! Gather!", "Gather, Shape")]
    [DataRow("", null)]
    public void Find_Assignments_NamesWhatShouldNotBeOnTheCpu(string nodes, string? expected) => Assert.AreEqual(expected, Find(nodes) is { } fallback ? string.Join(", ", fallback.Operators) : null);

    [TestMethod]
    public void ToString_SomeNodes_CountsAndNamesThem()
    {
        var text = Find("Conv Conv LSTM! LSTM! Shape!")!.ToString();

        Assert.StartsWith("2 of its 5 nodes run on the CPU", text);
        Assert.Contains("LSTM", text);
        Assert.DoesNotContain("Shape", text);
    }

    [TestMethod]
    public void ToString_NoNodeOnTheGpu_SaysThat() => Assert.StartsWith("none of its 2 nodes runs on the GPU (Conv, Relu)", Find("Conv! Relu!")!.ToString());

    [TestMethod]
    public void ToString_ManyOperators_NamesEight() => Assert.Contains("h and 2 more", Find("Conv a! b! c! d! e! f! g! h! i! j!")!.ToString());

    private static Fallback? Find(string nodes) =>
        FallbackJudge.Find([.. nodes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(node =>
        {
            var parts = node.TrimEnd('!').Split(':');
            return new OnnxNodeAssignment(node.EndsWith('!') ? "CPUExecutionProvider" : "CUDAExecutionProvider", parts.Length > 1 ? parts[0] : "", parts[^1], "");
        })]);
}
