namespace EdgeAI.Cli.Commands;

/// <summary>What <c>edgeai tokenize</c> is asked for: one of text, tokens and a file of lines.</summary>
internal sealed record TokenizeArguments(string? Text, string? Tokens, string? LinesFile, bool AddSpecialTokens);
