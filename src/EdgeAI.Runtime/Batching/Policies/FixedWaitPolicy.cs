namespace EdgeAI.Batching.Policies;

/// <summary>Waits until the batch is full or its most urgent request has waited the set time, as Triton's queue delay does.</summary>
internal sealed class FixedWaitPolicy : IBatchingPolicy
{
    public string Name => BatchingPolicyNames.FixedWait;

    public BatchDecision Decide(BatchingState state)
    {
        var wait = state.MaxWait - state.Waited;
        if (state.TimeToDeadline is { } left)
        {
            var slack = left - state.PredictUpper(Math.Min(state.MaxRows, state.QueuedRows + 1));
            if (slack < wait) wait = slack;
        }

        return state.MustRun || state.QueuedRows >= state.MaxRows || wait <= TimeSpan.Zero
            ? BatchDecision.Run(BatchSizing.Choose(state))
            : BatchDecision.WaitFor(state.MaxRows, wait);
    }
}
