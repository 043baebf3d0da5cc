namespace EdgeAI.Cli.Output;

/// <summary>A generated answer and how fast it came: medians where it was repeated.</summary>
/// <param name="Tokens">The generated tokens, without prompt and end token.</param>
/// <param name="Text">Their text; <see langword="null"/> without a tokenizer.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="TimeToFirstTokenMs"><see langword="null"/> where no token came.</param>
/// <param name="PrefillTokensPerSecond">Prompt tokens by time to first token.</param>
/// <param name="DecodeTokensPerSecond">Tokens after the first by the time they took; <see langword="null"/> where fewer than two came.</param>
/// <param name="FinishReason"><c>stop</c>: an end token or a stop sequence came; <c>length</c>: no more tokens were asked for, or had room.</param>
internal sealed record GenerateReport(
    IReadOnlyList<int> Tokens, string? Text, int PromptTokens, double? TimeToFirstTokenMs, double? PrefillTokensPerSecond, double? DecodeTokensPerSecond, string? FinishReason);
