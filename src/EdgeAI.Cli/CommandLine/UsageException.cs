namespace EdgeAI.Cli.CommandLine;

/// <summary>Arguments that are right one by one do not fit together: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
