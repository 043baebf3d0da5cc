using EdgeAI.Onnx;
using EdgeAI.OnnxRuntime.Interop;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime.Tests.Interop;

[TestClass]
public sealed class ManagedHandlesTests
{
    [TestMethod]
    public void GetHandle_OpenSession_IsTheNativeSession()
    {
        using var session = new InferenceSession(OnnxWriter.ToBytes(TestModels.Double()));

        Assert.AreNotEqual(0, ManagedHandles.GetHandle(session));
    }
}
