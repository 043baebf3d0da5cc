using EdgeAI.Generation;
using Microsoft.Extensions.AI;

namespace EdgeAI.Cli.Output;

/// <summary>A question and its answer.</summary>
/// <param name="User">The question.</param>
/// <param name="Assistant">The answer.</param>
/// <param name="Reasoning">The model's thought; <see langword="null"/> where there was none.</param>
/// <param name="FinishReason">Why it ended: stop or length; <see langword="null"/> where it was stopped by the user.</param>
/// <param name="PromptTokens">Tokens of the whole conversation before the answer.</param>
/// <param name="CachedTokens">Of these, how many were not computed again.</param>
/// <param name="Tokens">Tokens of the answer.</param>
/// <param name="TimeToFirstTokenMs">From the question to the first token.</param>
/// <param name="DecodeTokensPerSecond">From the first to the last token; <see langword="null"/> for fewer than two tokens.</param>
internal sealed record TurnReport(
    string User, string Assistant, string? Reasoning, string? FinishReason, int PromptTokens, int CachedTokens, int Tokens, double TimeToFirstTokenMs, double? DecodeTokensPerSecond)
{
    public static TurnReport From(string user, ChatResponse answer, GenerationUsage usage)
    {
        var reasoning = string.Concat(answer.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().Select(content => content.Text));
        var decoding = (usage.Total - usage.TimeToFirstToken).TotalSeconds;
        return new TurnReport(
            user,
            answer.Text,
            reasoning.Length > 0 ? reasoning : null,
            answer.FinishReason?.Value,
            usage.PromptTokens,
            usage.CachedTokens,
            usage.GeneratedTokens,
            usage.TimeToFirstToken.TotalMilliseconds,
            usage.GeneratedTokens > 1 && decoding > 0 ? (usage.GeneratedTokens - 1) / decoding : null);
    }
}
