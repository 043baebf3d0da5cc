namespace EdgeAI.Generation;

/// <summary>A regular expression that we cannot use; whoever knows where it stands says so.</summary>
internal sealed class PatternException(string message, GrammarErrorReason reason = GrammarErrorReason.Invalid) : Exception(message)
{
    public GrammarErrorReason Reason { get; } = reason;
}
