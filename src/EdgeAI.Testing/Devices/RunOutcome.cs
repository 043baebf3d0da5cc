namespace EdgeAI.Testing;

internal enum RunOutcome
{
    Completed,
    Failed,
    Cancelled,
}
