namespace EdgeAI.Generation;

/// <summary>How a family of models marks a call in its answer.</summary>
/// <param name="Begin">What opens it.</param>
/// <param name="End">What closes it; <see langword="null"/> where it reaches to the end of the answer.</param>
internal sealed record ToolCallMarkup(string Begin, string? End);
