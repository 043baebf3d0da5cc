namespace EdgeAI.Cli.Output;

/// <summary>What <c>edgeai tokenize</c> tells.</summary>
/// <param name="Results">One for each text, in order.</param>
internal sealed record TokenizeReport(IReadOnlyList<TokenizeResultReport> Results);
