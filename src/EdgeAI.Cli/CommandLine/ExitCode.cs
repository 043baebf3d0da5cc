namespace EdgeAI.Cli.CommandLine;

/// <summary>What the process returns to its shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>A failure that one line on stderr explains.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ended by Ctrl+C: 128 and the number of SIGINT.</summary>
    public const int Cancelled = 130;
}
