namespace EdgeAI.Generation;

/// <summary>A token of an answer.</summary>
/// <param name="Id">The token.</param>
/// <param name="Text">
/// Text that became certain with it; often empty where a character or a possible stop sequence is not complete yet, and always without a tokenizer. The texts of all tokens together are the answer.
/// </param>
/// <param name="LogProbability">Natural logarithm of its probability before penalties and temperature; <see langword="null"/> unless asked for.</param>
/// <param name="TopLogProbabilities">The most probable tokens at its place, most probable first; <see langword="null"/> unless asked for.</param>
public sealed record GeneratedToken(int Id, string Text, float? LogProbability = null, IReadOnlyList<TokenLogProbability>? TopLogProbabilities = null);

/// <summary>A token and the natural logarithm of its probability.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">0 or less.</param>
public readonly record struct TokenLogProbability(int Id, float LogProbability);
