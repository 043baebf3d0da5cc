using System.Globalization;

namespace EdgeAI.Leases;

/// <summary>
/// Chooses the device for some work that names none. Those with the memory free come first, then those that nothing is wrong with; of these, for work that is bound by reading memory, the one that
/// was measured to read fastest: what was not measured comes last, accelerators before CPUs. Of equals the first. Pure.
/// </summary>
/// <param name="Index">The chosen device among the candidates.</param>
/// <param name="Reason">Why, as a clause for people.</param>
internal readonly record struct LeaseChoice(int Index, string Reason)
{
    private const double Giga = 1e9;

    /// <summary>Chooses.</summary>
    /// <param name="candidates">One or more, in the order of preference; none that has failed.</param>
    /// <param name="memoryBytes">Memory that is needed at least.</param>
    /// <param name="bytesPerStep">Bytes that a step reads; 0 for work that is not bound by that.</param>
    public static LeaseChoice Make(IReadOnlyList<LeaseCandidate> candidates, long memoryBytes, long bytesPerStep)
    {
        var best = 0;
        for (var i = 1; i < candidates.Count; i++)
        {
            if (Grade(candidates[i], memoryBytes, bytesPerStep).CompareTo(Grade(candidates[best], memoryBytes, bytesPerStep)) < 0) best = i;
        }

        return new LeaseChoice(best, Explain(candidates, best, memoryBytes, bytesPerStep));
    }

    /// <summary>Lower is better.</summary>
    private static (bool MustWait, bool IsDegraded, double NegativeBandwidth, bool IsCpu) Grade(in LeaseCandidate candidate, long memoryBytes, long bytesPerStep)
    {
        var (mustWait, isDegraded) = (candidate.FreeMemoryBytes < memoryBytes, candidate.Health == DeviceHealth.Degraded);
        return bytesPerStep == 0 ? (mustWait, isDegraded, 0, false) : (mustWait, isDegraded, -(candidate.ReadBandwidth ?? 0), candidate.Info.Kind == DeviceKind.Cpu);
    }

    private static string Explain(IReadOnlyList<LeaseCandidate> candidates, int best, long memoryBytes, long bytesPerStep)
    {
        var chosen = candidates[best];
        var speed = bytesPerStep > 0 && chosen.ReadBandwidth is { } bandwidth
            ? string.Create(CultureInfo.InvariantCulture, $"it was measured to read {bandwidth / Giga:0.#} GB/s, which is {bandwidth / bytesPerStep:0.#} steps a second at most")
            : bytesPerStep > 0 ? "how fast it reads was not measured" : null;
        if (candidates.Count == 1) return speed is null ? "it is the only one that can take it" : $"it is the only one that can take it; {speed}";
        if (chosen.FreeMemoryBytes < memoryBytes) return "none has the memory free, and it comes first of those that could";
        var fitting = candidates.Count(candidate => candidate.FreeMemoryBytes >= memoryBytes);
        if (fitting == 1) return speed is null ? "it alone has the memory free" : $"it alone has the memory free; {speed}";
        if (chosen.ReadBandwidth is not null && speed is not null) return $"{speed}, the most of {fitting} with the memory free{(IsBetterDegraded(candidates, best, memoryBytes) ? " that nothing is wrong with" : "")}";
        return bytesPerStep > 0 ? "no device was measured, and accelerators come before CPUs" : "it is the first with the memory free";
    }

    private static bool IsBetterDegraded(IReadOnlyList<LeaseCandidate> candidates, int best, long memoryBytes) =>
        candidates.Any(candidate => candidate.FreeMemoryBytes >= memoryBytes && candidate.Health == DeviceHealth.Degraded && candidate.ReadBandwidth > candidates[best].ReadBandwidth);
}
