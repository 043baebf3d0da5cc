namespace EdgeAI.Engine;

/// <summary>Disposal for containers that are disposed synchronously. Bounded by the drain and abort timeouts.</summary>
internal static class SynchronousDisposal
{
    /// <summary>Runs the disposal on the thread pool, so that a caller's synchronization context cannot deadlock it.</summary>
    public static void Run(IAsyncDisposable disposable) =>
        Task.Run(async () => await disposable.DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
}
