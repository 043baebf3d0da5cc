namespace EdgeAI.Onnx;

/// <summary>How the work of an operator is counted.</summary>
/// <param name="Family">What sort of work it is.</param>
/// <param name="Count">Counts a node; <see langword="null"/> where a length that it needs is unknown.</param>
internal readonly record struct CostRule(OperatorFamily Family, Func<CostStep, OperatorWork?> Count);
