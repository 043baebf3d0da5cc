namespace EdgeAI.Cli.Output;

/// <summary>A text and its tokens.</summary>
/// <param name="Tokens">The ids.</param>
/// <param name="Decoded">What they mean, special tokens included.</param>
internal sealed record TokenizeResultReport(IReadOnlyList<int> Tokens, string Decoded);
