using System.Threading.Channels;

namespace EdgeAI.Cli.Bench;

/// <summary>
/// A blocking target behind a queue and one worker, as a host without a serving engine is written by hand: every query has all threads of the
/// session to itself, and the next one waits. Refuses queries where the queue is full. Disposing refuses those that wait.
/// </summary>
internal sealed class DispatchedTarget : IQueryTarget, IAsyncDisposable
{
    private readonly IQueryTarget _inner;
    private readonly Channel<TaskCompletionSource<QueryResult>> _queue;
    private readonly Task _dispatcher;
    private volatile bool _isStopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="inner">Answers the queries; not disposed.</param>
    /// <param name="capacity">Queries that may wait.</param>
    public DispatchedTarget(IQueryTarget inner, int capacity)
    {
        _inner = inner;
        _queue = Channel.CreateBounded<TaskCompletionSource<QueryResult>>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _dispatcher = Task.Factory.StartNew(DispatchAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    public bool IsBlocking => false;

    public ValueTask<QueryResult> QueryAsync()
    {
        var answer = new TaskCompletionSource<QueryResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.Writer.TryWrite(answer)
            ? new ValueTask<QueryResult>(answer.Task)
            : ValueTask.FromResult(Refusal(RejectionReason.QueueFull, "The queue of the plain session is full."));
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        _queue.Writer.TryComplete();
        await _dispatcher.ConfigureAwait(false);
    }

    private static QueryResult Refusal(RejectionReason reason, string message) => new(null, 0, new RequestRejectedException(reason, message));

    private async Task DispatchAsync()
    {
        await foreach (var answer in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            answer.SetResult(_isStopping ? Refusal(RejectionReason.ShuttingDown, "The plain session is closed.") : await _inner.QueryAsync().ConfigureAwait(false));
        }
    }
}
