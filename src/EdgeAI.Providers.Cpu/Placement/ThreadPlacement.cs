namespace EdgeAI.Providers.Cpu.Placement;

/// <summary>
/// Decides which processors a lane may use. A lane gets the cores of one domain, the fast ones as long as there are enough, one hardware thread of each as long as that is enough:
/// a set that the operating system schedules within, not one processor a thread, because several models share the cores and a pinned thread cannot step aside.
/// </summary>
internal static class ThreadPlacement
{
    /// <summary>Places lanes one after the other, each where there is the most room.</summary>
    /// <param name="topology">The machine.</param>
    /// <param name="request">What is to be placed.</param>
    /// <param name="load">Threads that are placed in each domain of <see cref="ProcessorDomain.Of"/> already; the new ones are added.</param>
    /// <param name="others">Those of them that belong to other models. The model's own may be those of plans that it is about to leave.</param>
    /// <returns>For each lane its domain and its processors, ascending; no domain where it does not fit into one, no processors where it may use all that the process may: then nothing is to be bound.</returns>
    public static IReadOnlyList<(int? Domain, IReadOnlyList<int>? Processors)> Place(CpuTopology topology, LaneRequest request, int[] load, int[] others)
    {
        var domains = ProcessorDomain.Of(topology);
        var fitting = domains.Count(domain => Fits(domain, request));
        var placed = new (int? Domain, IReadOnlyList<int>? Processors)[request.Lanes];
        for (var lane = 0; lane < placed.Length; lane++)
        {
            if (FindRoomiest(domains, request, load) is not { } index) continue;
            load[index] += request.Threads;
            var share = (request.PlanLanes + fitting - 1) / fitting * request.Threads;

            // Lanes that crowd a domain although the machine has cores for all of them are better off without.
            var isCrowded = share > domains[index].Cores.Count && (long)request.PlanLanes * request.Threads <= topology.Cores;
            var processors = isCrowded ? null : Choose(domains[index], share + others[index]);
            placed[lane] = (index, processors?.Count < topology.LogicalProcessors ? processors : null);
        }

        return placed;
    }

    private static int? FindRoomiest(IReadOnlyList<ProcessorDomain> domains, LaneRequest request, int[] load)
    {
        int? best = null;
        for (var i = 0; i < domains.Count; i++)
        {
            if (!Fits(domains[i], request)) continue;
            if (best is not { } so || (long)(load[i] + request.Threads) * domains[so].Cores.Count < (long)(load[so] + request.Threads) * domains[i].Cores.Count) best = i;
        }

        return best;
    }

    // A lane that needs more than a domain has is better off with the whole machine.
    private static bool Fits(ProcessorDomain domain, LaneRequest request) => request.Threads <= domain.Cores.Count;

    private static IReadOnlyList<int> Choose(ProcessorDomain domain, int threads) =>
        threads <= domain.FastCores.Count ? Firsts(domain.FastCores)
        : threads <= domain.Cores.Count ? Firsts(domain.Cores)
        : [.. domain.Cores.SelectMany(core => core).Order()];

    private static IReadOnlyList<int> Firsts(IReadOnlyList<IReadOnlyList<int>> cores) => [.. cores.Select(core => core[0]).Order()];
}
