namespace EdgeAI.Generation;

/// <summary>A part of an answer: text, a thought, or a call.</summary>
/// <param name="Text">The text; empty for a call.</param>
/// <param name="IsReasoning">Whether it belongs to the model's thought.</param>
/// <param name="Call">The call; <see langword="null"/> for text.</param>
internal readonly record struct AnswerPart(string Text, bool IsReasoning = false, ToolCall? Call = null);
