namespace EdgeAI.Generation;

/// <summary>A token on its way from the worker to the reader.</summary>
internal readonly record struct TokenEntry(int Id, float? LogProbability = null, IReadOnlyList<TokenLogProbability>? TopLogProbabilities = null);
