namespace EdgeAI.Leases;

/// <summary>Turns the call for reserved cores into a task. Cancelling and being served may meet: whoever completes the task first decides.</summary>
internal sealed class CoreLeaseWaiter(CoreBudget budget) : TaskCompletionSource<CoreLease>(TaskCreationOptions.RunContinuationsAsynchronously), ICoreWaiter
{
    public void CoresAvailable()
    {
        // Nothing is reserved any more when it was forfeited meanwhile.
        var cores = budget.Claim(this);
        if (cores > 0 && !TrySetResult(new CoreLease(budget, cores))) budget.Return(cores);
    }

    public async Task<CoreLease> WaitAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((CoreLeaseWaiter)state!).Cancel(token), this).ConfigureAwait(false);
        return await Task.ConfigureAwait(false);
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (TrySetCanceled(cancellationToken)) budget.Forfeit(this);
    }
}
