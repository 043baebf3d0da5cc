namespace EdgeAI.Generation;

/// <summary>A conversation ready to be answered. Immutable.</summary>
/// <param name="Tokens">The prompt.</param>
/// <param name="Opening">What the prompt holds of the assistant's turn behind its begin: an opened thought, a skipped one, or nothing.</param>
/// <param name="InReasoning">Whether a thought is open.</param>
internal sealed record ChatPrompt(int[] Tokens, string Opening, bool InReasoning);
