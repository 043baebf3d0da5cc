namespace EdgeAI.OnnxRuntime;

/// <summary>Which execution provider runs a node of a loaded model. Immutable.</summary>
/// <param name="ExecutionProvider">The provider, such as <c>CPUExecutionProvider</c>.</param>
/// <param name="Domain">The operator's domain; empty for ONNX's own.</param>
/// <param name="OpType">The operator.</param>
/// <param name="Node">The node's name; may be empty, and is ONNX Runtime's own for nodes that it made.</param>
public sealed record OnnxNodeAssignment(string ExecutionProvider, string Domain, string OpType, string Node)
{
    /// <summary>The operator with its domain, such as <c>com.microsoft.MatMulNBits</c>.</summary>
    public string QualifiedName => Domain.Length == 0 ? OpType : $"{Domain}.{OpType}";
}
