namespace EdgeAI.Generation;

/// <summary>A regular expression that we cannot use; whoever knows where it stands says so.</summary>
internal sealed class PatternException(string message, bool isInvalid = true) : Exception(message)
{
    /// <summary>Whether the expression is wrong; otherwise it uses what we do not support.</summary>
    public bool IsInvalid { get; } = isInvalid;
}
