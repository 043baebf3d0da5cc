namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>Messages as ONNX Runtime 1.31.1 wrote them, and as other builds do.</summary>
[TestClass]
public sealed class NativeMessageTests
{
    [TestMethod]
    [DataRow("indices element out of data bounds, idx=9 must be within the inclusive range [-4,3]", "indices element out of data bounds, idx=9 must be within the inclusive range [-4,3]")]
    [DataRow("/onnxruntime_src/onnxruntime/core/providers/cpu/math/element_wise_ops.h:563 void onnxruntime::BroadcastIterator::Init(ptrdiff_t, ptrdiff_t) axis == 1 || axis == largest was false. Attempting to broadcast an axis by a dimension other than 1. 3 by 4\n", "Attempting to broadcast an axis by a dimension other than 1. 3 by 4")]
    [DataRow("matmul_helper.h:59 Compute MatMul dimension mismatch", "MatMul dimension mismatch")]
    [DataRow("/onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:360 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate memory for requested buffer of size 17592186044416", "Failed to allocate memory for requested buffer of size 17592186044416")]
    [DataRow(@"D:\a\_work\1\s\onnxruntime\core\framework\bfc_arena.cc:342 onnxruntime::BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 16", "Failed to allocate memory for requested buffer of size 16")]
    [DataRow("/onnxruntime_src/include/onnxruntime/core/framework/op_kernel_context.h:45 const T* onnxruntime::OpKernelContext::Input(int) const [with T = onnxruntime::Tensor] Missing Input: z", "Missing Input: z")]
    [DataRow("/onnxruntime_src/onnxruntime/core/framework/op_kernel.cc:87 virtual OrtValue* onnxruntime::OpKernelContext::OutputMLValue(int, const onnxruntime::TensorShape&) [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : The output OrtValue provided for output 'y' of node 'add0' (Add) has shape {7}.", "The output OrtValue provided for output 'y' of node 'add0' (Add) has shape {7}.")]
    [DataRow("", "")]
    [DataRow("a.h:1 ", "a.h:1")]
    public void WithoutLocation_Message_KeepsTheReason(string message, string expected) => Assert.AreEqual(expected, NativeMessage.WithoutLocation(message));

    [TestMethod]
    [DataRow("Non-zero status code returned while running Gather node. Name:'embed' Status Message: out of bounds", "Gather 'embed'", "out of bounds")]
    [DataRow("Non-zero status code returned while running Gather node. Name:'' Status Message: out of bounds", "Gather", "out of bounds")]
    public void FindFailedNode_NodeNamed_NamesNodeAndReason(string message, string node, string reason) =>
        Assert.AreEqual((node, reason), NativeMessage.FindFailedNode(message));

    [TestMethod]
    public void FindFailedNode_OtherText_IsNull() => Assert.IsNull(NativeMessage.FindFailedNode("Invalid rank for input: x Got: 2 Expected: 1"));
}
