namespace EdgeAI.Cli.Output;

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">What to do; <see langword="null"/> where all is well.</param>
internal sealed record CheckReport(string Name, bool Ok, string Message, string? Fix = null);
