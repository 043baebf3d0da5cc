namespace EdgeAI.Acceptance;

/// <summary>A user's policy that asks for more whatever it is told.</summary>
internal sealed class AlwaysWait : IBatchingPolicy
{
    public string Name => "always-wait";

    public BatchDecision Decide(BatchingState state) => BatchDecision.WaitFor(int.MaxValue, TimeSpan.MaxValue);
}
