namespace EdgeAI.Testing;

/// <summary>Runs up to a set number of rows: what is there, or, where it is patient, only full batches.</summary>
internal sealed class OraclePolicy(int rows, bool isPatient, bool sharesOut) : IBatchingPolicy
{
    private static readonly TimeSpan _long = TimeSpan.FromHours(1);

    public string Name => "oracle";

    public BatchDecision Decide(BatchingState state)
    {
        if (isPatient && !state.MustRun && state.QueuedRows < rows) return BatchDecision.WaitFor(rows, _long);
        var most = Math.Min(rows, state.QueuedRows);
        return BatchDecision.Run(sharesOut ? (most + state.FreeLanes - 1) / state.FreeLanes : most);
    }
}
