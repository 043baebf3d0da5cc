namespace EdgeAI;

/// <summary>The measured fixed cost of one sort of graph node, where it differs from that of a plain one.</summary>
/// <param name="Operator">The operator, such as <c>If</c>.</param>
/// <param name="Cost">What a node of it takes apart from its work.</param>
public sealed record NodeOverhead(string Operator, TimeSpan Cost);
