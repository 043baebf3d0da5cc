namespace EdgeAI.Generation;

/// <summary>What an answer may contain besides text. Immutable.</summary>
/// <param name="ToolNames">The functions that the model may call; empty for none, and then nothing is read as a call.</param>
/// <param name="StartsInReasoning">Whether the prompt has opened a thought.</param>
internal sealed record AnswerSyntax(IReadOnlySet<string> ToolNames, bool StartsInReasoning = false)
{
    public const string ReasoningBegin = "<think>";

    public const string ReasoningEnd = "</think>";

    // Hermes and Qwen; Mistral; Llama 3.1; Phi-4; Llama 3.1's own functions.
    private static readonly ToolCallMarkup[] _callMarkups =
    [
        new("<tool_call>", "</tool_call>"),
        new("[TOOL_CALLS]", null),
        new("<|python_tag|>", null),
        new("<|tool_call|>", "<|/tool_call|>"),
        new("<function=", "</function>"),
    ];

    // Parts of a call that a vocabulary may have as special tokens too.
    private static readonly string[] _innerMarks = ["[ARGS]", "[CALL_ID]"];

    /// <summary>How calls may be marked.</summary>
    public IReadOnlyList<ToolCallMarkup> CallMarkups => ToolNames.Count == 0 ? [] : _callMarkups;

    /// <summary>Whether a special token is part of the answer's syntax; others stand for no text.</summary>
    public bool Reads(string specialText) =>
        specialText is ReasoningBegin or ReasoningEnd
        || (ToolNames.Count > 0 && (_innerMarks.Contains(specialText) || _callMarkups.Any(markup => markup.Begin == specialText || markup.End == specialText)));
}
