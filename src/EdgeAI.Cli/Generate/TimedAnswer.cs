using EdgeAI.Generation;

namespace EdgeAI.Cli.Generate;

/// <summary>An answer and when its tokens came, as its reader sees it.</summary>
/// <param name="Tokens">The generated ones.</param>
/// <param name="Text">Their text; empty without a tokenizer.</param>
/// <param name="Finish">Why it ended.</param>
/// <param name="ToFirst">From the call to the first token; to the end where there is none.</param>
/// <param name="FirstToLast">From the first to the last token.</param>
internal sealed record TimedAnswer(IReadOnlyList<int> Tokens, string Text, FinishReason? Finish, TimeSpan ToFirst, TimeSpan FirstToLast)
{
    /// <summary>The prompt's tokens by the time until the first of the answer; <see langword="null"/> where none came or no time passed.</summary>
    public double? PrefillRate(int promptTokens) => Tokens.Count > 0 && ToFirst > TimeSpan.Zero ? promptTokens / ToFirst.TotalSeconds : null;

    /// <summary>Tokens after the first a second; <see langword="null"/> with fewer than two.</summary>
    public double? DecodeRate => Tokens.Count > 1 && FirstToLast > TimeSpan.Zero ? (Tokens.Count - 1) / FirstToLast.TotalSeconds : null;
}
