namespace EdgeAI.Generation;

/// <summary>What an answer took. Immutable.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedTokens">Of these, how many were restored from earlier work.</param>
/// <param name="GeneratedTokens">Tokens generated, the end token not counted.</param>
/// <param name="Queued">From the call until work began.</param>
/// <param name="TimeToFirstToken">From the call until the first token.</param>
/// <param name="Total">From the call until the last token.</param>
/// <param name="DraftedTokens">Tokens that were guessed.</param>
/// <param name="AcceptedTokens">Of these, how many the model agreed with.</param>
/// <param name="ForcedTokens">Tokens that the constraint left no choice about and that were computed together, as a prompt's are.</param>
public sealed record GenerationUsage(
    int PromptTokens, int CachedTokens, int GeneratedTokens, TimeSpan Queued, TimeSpan TimeToFirstToken, TimeSpan Total, int DraftedTokens = 0, int AcceptedTokens = 0, int ForcedTokens = 0);
