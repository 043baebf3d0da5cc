using System.Globalization;
using EdgeAI.Devices;

namespace EdgeAI.Providers.Cpu.Placement;

/// <summary>Where the threads of one session run, and how they count. Disposed with the session. Thread-safe.</summary>
internal sealed class SessionThreads : IThreadPreparation, IDisposable
{
    private readonly PlacementLedger? _ledger;
    private readonly IReadOnlyList<(int? Domain, IReadOnlyList<int>? Processors)> _places;
    private readonly string _modelId;
    private readonly LaneRequest _request;
    private readonly bool _flushDenormals;
    private int _next = -1;
    private int _isDisposed;

    /// <param name="ledger">The device's; <see langword="null"/> where nothing is bound.</param>
    /// <param name="modelId">The model: its sessions make room for each other.</param>
    /// <param name="request">The session's lanes.</param>
    /// <param name="flushDenormals">Whether numbers too small for their type's normal form count as zero.</param>
    public SessionThreads(PlacementLedger? ledger, string modelId, LaneRequest request, bool flushDenormals)
    {
        _ledger = ledger;
        _modelId = modelId;
        _request = request;
        _flushDenormals = flushDenormals;
        _places = ledger?.Take(modelId, request) ?? [];
    }

    /// <summary>
    /// The places of the session's own workers in ONNX Runtime's notation: processors are counted from 1, and there is one entry less than threads, because the lane's thread works too.
    /// <see langword="null"/> where they may run anywhere. A session with several workers has one lane.
    /// </summary>
    public string? WorkerAffinities =>
        _request.Threads > 1 && _places is [(_, { } processors)] && ThreadAffinity.CanBind(processors)
            ? string.Join(';', Enumerable.Repeat(string.Join(',', processors.Select(p => (p + 1).ToString(CultureInfo.InvariantCulture))), _request.Threads - 1))
            : null;

    /// <summary>Lanes' threads take the lanes' places in turn.</summary>
    public void PrepareThread()
    {
        if (_places.Count > 0)
        {
            var turn = (uint)Interlocked.Increment(ref _next) % (uint)_places.Count;
            if (_places[(int)turn].Processors is { } processors) ThreadAffinity.TryBind(processors);
        }

        if (_flushDenormals) FloatingPointMode.TryFlushDenormals();
    }

    /// <summary>
    /// Has the calling thread load where the session will run, so that the weights lie in the memory next to it, and has it forget afterwards what loading did to it:
    /// ONNX Runtime sets the floating-point mode of the thread that opens the first session of a process.
    /// </summary>
    public IDisposable? EnterLoading()
    {
        var isOnePlace = _places.Count > 0 && _places.All(place => place.Domain == _places[0].Domain);
        var processors = isOnePlace ? _places[0].Processors : null;
        return processors is null && !_flushDenormals ? null : new LoadingScope(processors, _flushDenormals);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) _ledger?.Return(_modelId, _request, _places);
    }

    private sealed class LoadingScope : IDisposable
    {
        private readonly IReadOnlyList<int>? _processors;
        private readonly FloatingPointMode? _mode;

        public LoadingScope(IReadOnlyList<int>? processors, bool keepsMode)
        {
            _processors = processors is not null && ThreadAffinity.TryRead() is { } before && ThreadAffinity.TryBind(processors) ? before : null;
            _mode = keepsMode ? FloatingPointMode.TryRead() : null;
        }

        public void Dispose()
        {
            if (_processors is not null) ThreadAffinity.TryBind(_processors);
            _mode?.Restore();
        }
    }
}
