namespace EdgeAI.Leases;

/// <summary>Somebody who waits for cores of a <see cref="CoreBudget"/>.</summary>
internal interface ICoreWaiter
{
    /// <summary>
    /// Cores are reserved for this waiter until it takes or forfeits them. Called outside any lock, by the thread that returned them:
    /// it must be quick and must not throw. May arrive after the waiter has already taken or forfeited them.
    /// </summary>
    void CoresAvailable();
}
