namespace EdgeAI;

/// <summary>One operator that a model uses.</summary>
/// <param name="Domain">The operator set's domain; empty for ONNX's own.</param>
/// <param name="OpType">The operator's name, such as <c>Conv</c>.</param>
/// <param name="Count">How often it occurs.</param>
/// <param name="OpsetVersion">The imported version of the domain; 0 where it is not imported.</param>
public sealed record OperatorUse(string Domain, string OpType, int Count, long OpsetVersion)
{
    /// <summary>The operator's name, with its domain unless that is ONNX's own.</summary>
    public string QualifiedName => Domain.Length == 0 ? OpType : $"{Domain}.{OpType}";
}
