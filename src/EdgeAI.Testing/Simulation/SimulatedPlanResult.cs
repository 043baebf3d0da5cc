namespace EdgeAI.Testing;

/// <summary>What the lanes of one plan did in a simulation. Immutable.</summary>
public sealed class SimulatedPlanResult
{
    internal SimulatedPlanResult()
    {
    }

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Runs by their rows, parts of failed runs included; sizes that did not occur are left out.</summary>
    public required IReadOnlyDictionary<int, long> RunsByRows { get; init; }

    /// <summary>Requests that these lanes answered.</summary>
    public required long Answered { get; init; }

    /// <summary>Requests that these lanes answered in each <see cref="SimulationOptions.Slice"/> of time, from the start to the last outcome; empty where none was set.</summary>
    public required IReadOnlyList<long> AnsweredBySlice { get; init; }

    /// <summary>Runs that began in each slice of time, likewise.</summary>
    public required IReadOnlyList<long> RunsBySlice { get; init; }

    /// <summary>Requests that failed here and were given to another device.</summary>
    public required long FailedOver { get; init; }

    /// <summary>Runs that failed or were stopped.</summary>
    public required long FailedRuns { get; init; }

    /// <summary>The share of their time that the lanes worked, 0 to 1.</summary>
    public required double Utilization { get; init; }

    /// <summary>Runs that were asked to stop because they took too long.</summary>
    public required int Interrupted { get; init; }

    /// <summary>Lanes that were given up as hung.</summary>
    public required int LanesLost { get; init; }

    /// <summary>Lanes that took the place of lost ones.</summary>
    public required int LanesReplaced { get; init; }

    /// <summary>Mean rows of a run; 0 where none ran.</summary>
    public double MeanRows => RunsByRows.Count == 0 ? 0 : RunsByRows.Sum(size => size.Key * (double)size.Value) / RunsByRows.Values.Sum();
}
