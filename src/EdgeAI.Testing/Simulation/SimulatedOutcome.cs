namespace EdgeAI.Testing;

internal enum SimulatedOutcome
{
    Answered,
    Refused,
    Failed,
    Cancelled,
}
