namespace EdgeAI.Cli.Bench;

/// <summary>Both sides, ready to be measured: the engine with a loaded model, and a plain session beside it where asked for. Owns them.</summary>
internal sealed class Contest : IAsyncDisposable
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromMilliseconds(500);

    // As many as the engine lets wait by default.
    private const int PlainQueueLength = 1024;

    private readonly PlainTarget? _session;
    private readonly DispatchedTarget? _server;

    private Contest(LoadedModel model, BenchmarkOptions options)
    {
        Model = model;
        Engine = model.ToTarget(options);
        if (!options.HasBaseline) return;
        _session = new PlainTarget(options.ModelPath, model.Plan.Lanes * model.Plan.Threads, model.Inputs);
        if (options.Scenario == Scenario.Server) _server = new DispatchedTarget(_session, PlainQueueLength);
    }

    public LoadedModel Model { get; }

    public IQueryTarget Engine { get; }

    /// <summary>The plain side: in the server scenario behind a queue, since nothing holds its arrivals back.</summary>
    public IQueryTarget? Plain => _server is null ? _session : _server;

    /// <summary>What the engine answered while warming up.</summary>
    public Tally Warm { get; private set; } = new();

    /// <summary>Loads and warms up both.</summary>
    public static async Task<Contest> OpenAsync(IInferenceEngine engine, BenchmarkOptions options, Action<string> say, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var model = await LoadedModel.OpenAsync(engine, options, say, timeProvider, cancellationToken).ConfigureAwait(false);
        Contest? contest = null;
        try
        {
            contest = new Contest(model, options);
            var load = new Load(timeProvider);
            var clients = options.Clients ?? model.Plan.Lanes;
            var length = options.Duration < _warmUp ? options.Duration : _warmUp;
            contest.Warm = await load.RunClientsAsync(contest.Engine, clients, options.Samples, length, cancellationToken).ConfigureAwait(false);
            if (contest._session is { } plain) await load.RunClientsAsync(plain, clients, options.Samples, length, cancellationToken).ConfigureAwait(false);
            return contest;
        }
        catch
        {
            if (contest is null) await model.DisposeAsync().ConfigureAwait(false);
            else await contest.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has both sides answer queries that arrive by themselves, so that no code of that path is compiled while it is measured.</summary>
    /// <param name="openLoop">Sends them.</param>
    /// <param name="rate">Queries per second.</param>
    /// <param name="length">How long, at most half a second.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WarmUpAsync(OpenLoop openLoop, double rate, TimeSpan length, CancellationToken cancellationToken)
    {
        var bounded = length < _warmUp ? length : _warmUp;
        var arrivals = ArrivalSchedule.Draw(rate, bounded, seed: 0);
        await openLoop.RunAsync(Engine, arrivals, bounded, cancellationToken).ConfigureAwait(false);
        if (Plain is { } plain) await openLoop.RunAsync(plain, arrivals, bounded, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync().ConfigureAwait(false);
        _session?.Dispose();
        await Model.DisposeAsync().ConfigureAwait(false);
    }
}
