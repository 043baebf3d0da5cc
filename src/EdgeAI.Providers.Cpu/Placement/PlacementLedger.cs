namespace EdgeAI.Providers.Cpu.Placement;

/// <summary>Remembers where the lanes of all open sessions are, so that models spread over the machine. Thread-safe.</summary>
internal sealed class PlacementLedger(CpuTopology topology)
{
    private readonly Lock _gate = new();
    private readonly int _domains = ProcessorDomain.Of(topology).Count;
    private readonly Dictionary<string, int[]> _loads = new(StringComparer.Ordinal);

    /// <summary>Threads placed in each domain now.</summary>
    public int[] Load
    {
        get
        {
            lock (_gate) return Sum(except: null);
        }
    }

    /// <summary>Places the lanes of a session; the caller gives their places back with <see cref="Return"/>.</summary>
    public IReadOnlyList<(int? Domain, IReadOnlyList<int>? Processors)> Take(string modelId, LaneRequest request)
    {
        lock (_gate)
        {
            var places = ThreadPlacement.Place(topology, request, Sum(except: null), Sum(except: modelId));
            if (!_loads.TryGetValue(modelId, out var own)) _loads[modelId] = own = new int[_domains];
            Add(own, places, request.Threads);
            return places;
        }
    }

    public void Return(string modelId, LaneRequest request, IReadOnlyList<(int? Domain, IReadOnlyList<int>? Processors)> places)
    {
        lock (_gate)
        {
            var own = _loads[modelId];
            Add(own, places, -request.Threads);
            if (own.All(threads => threads == 0)) _loads.Remove(modelId);
        }
    }

    private static void Add(int[] load, IReadOnlyList<(int? Domain, IReadOnlyList<int>? Processors)> places, int threads)
    {
        foreach (var (domain, _) in places)
        {
            if (domain is { } index) load[index] += threads;
        }
    }

    private int[] Sum(string? except)
    {
        var sum = new int[_domains];
        foreach (var (model, load) in _loads)
        {
            if (model == except) continue;
            for (var i = 0; i < sum.Length; i++) sum[i] += load[i];
        }

        return sum;
    }
}
