namespace EdgeAI.Cli.CommandLine;

/// <summary>A failure that its message explains to the user: exit code 1, no stack trace.</summary>
internal class ToolException(string message, Exception? innerException = null) : Exception(message, innerException);
