namespace EdgeAI.Testing;

/// <summary>Lanes on a simulated device, what their runs take, and what goes wrong there. Read when a simulation starts.</summary>
public sealed class SimulatedPlan
{
    /// <summary>The device. Requests that name none are routed among the devices of all plans. Default: <c>sim:0</c>.</summary>
    public string DeviceId { get; set; } = "sim:0";

    /// <summary>Runs at the same time, 1 to 256. Default: 1.</summary>
    public int Lanes { get; set; } = 1;

    /// <summary>Cores that a run occupies, 1 or more. Default: 1.</summary>
    public int CoresPerLane { get; set; } = 1;

    /// <summary>Cores of the device, 1 or more, the same for all of its plans; <see langword="null"/> (default): enough for every lane.</summary>
    public int? DeviceCores { get; set; }

    /// <summary>What a run takes by its rows while no other lane works. Default: 1 ms whatever the rows.</summary>
    public LatencyCurve Latency { get; set; } = LatencyCurve.Constant(TimeSpan.FromMilliseconds(1));

    /// <summary>What a run takes while every lane works; in between it is in proportion. <see langword="null"/> (default): the same.</summary>
    public LatencyCurve? CrowdedLatency { get; set; }

    /// <summary>By which share, up or down, a run's time is random, 0 to below 1. Default: 0.</summary>
    public double Jitter { get; set; }

    /// <summary>From which times on runs take how many times as long, such as 2 for a throttled device; by ascending time. Default: none.</summary>
    public IList<(TimeSpan From, double Factor)> Slowdowns { get; } = [];

    /// <summary>Whether the curves were measured before the start, as the engine does while it is idle, or have to be learned from traffic. Default: measured.</summary>
    public bool IsMeasured { get; set; } = true;

    /// <summary>From how many requests in flight on these lanes serve rather than those of the device's other plans, 1 or more. Default: 1.</summary>
    public int MinConcurrency { get; set; } = 1;

    /// <summary>The probability that a run fails, 0 to 1: a passing fault. Default: 0.</summary>
    public double FailureRate { get; set; }

    /// <summary>From which times on runs fail with which probability instead of <see cref="FailureRate"/>, such as 1 and later 0; by ascending time. Default: none.</summary>
    public IList<(TimeSpan From, double Rate)> FailureRates { get; } = [];

    /// <summary>When the device is gone, each end after its start, by ascending time: a run in progress fails as it goes, later ones at once, and all say that the device is lost. Default: never.</summary>
    public IList<(TimeSpan From, TimeSpan To)> Absences { get; } = [];

    /// <summary>The probability that a run hangs until it is interrupted, 0 to 1. Default: 0.</summary>
    public double HangRate { get; set; }

    /// <summary>The probability that a run hangs and is deaf to interruption, 0 to 1: its lane is lost. Default: 0.</summary>
    public double StuckRate { get; set; }

    /// <summary>The rows that the device has memory for, 1 or more; runs of more fail. <see langword="null"/> (default): no limit.</summary>
    public int? MemoryRows { get; set; }

    internal void Check(string name, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(DeviceId)) errors.Add($"{name}.DeviceId is empty.");
        if (Lanes is < 1 or > 256) errors.Add($"{name}.Lanes is {Lanes}; it must be 1 to 256.");
        if (CoresPerLane < 1) errors.Add($"{name}.CoresPerLane is {CoresPerLane}; it must be 1 or more.");
        if (DeviceCores < 1) errors.Add($"{name}.DeviceCores is {DeviceCores}; it must be 1 or more, or null.");
        if (Jitter is not (>= 0 and < 1)) errors.Add($"{name}.Jitter is {Jitter}; it must be 0 to below 1.");
        if (MinConcurrency < 1) errors.Add($"{name}.MinConcurrency is {MinConcurrency}; it must be 1 or more.");
        if (!IsShare(FailureRate) || !IsShare(HangRate) || !IsShare(StuckRate)) errors.Add($"{name}: rates of faults must be 0 to 1.");
        if (MemoryRows < 1) errors.Add($"{name}.MemoryRows is {MemoryRows}; it must be 1 or more, or null.");
        CheckTimes(name, errors);
    }

    private void CheckTimes(string name, List<string> errors)
    {
        for (var i = 0; i < Slowdowns.Count; i++)
        {
            if (!(Slowdowns[i].Factor > 0) || !double.IsFinite(Slowdowns[i].Factor)) errors.Add($"{name}.Slowdowns[{i}] has the factor {Slowdowns[i].Factor}; it must be more than zero.");
            if (i > 0 && Slowdowns[i].From < Slowdowns[i - 1].From) errors.Add($"{name}.Slowdowns[{i}] is out of order; times must ascend.");
        }

        for (var i = 0; i < FailureRates.Count; i++)
        {
            if (!IsShare(FailureRates[i].Rate)) errors.Add($"{name}.FailureRates[{i}] has the rate {FailureRates[i].Rate}; it must be 0 to 1.");
            if (i > 0 && FailureRates[i].From < FailureRates[i - 1].From) errors.Add($"{name}.FailureRates[{i}] is out of order; times must ascend.");
        }

        for (var i = 0; i < Absences.Count; i++)
        {
            if (Absences[i].To <= Absences[i].From) errors.Add($"{name}.Absences[{i}] ends at {Absences[i].To}; it must end after {Absences[i].From}.");
            if (i > 0 && Absences[i].From < Absences[i - 1].To) errors.Add($"{name}.Absences[{i}] begins before the one before it has ended.");
        }
    }

    private static bool IsShare(double value) => value is >= 0 and <= 1;
}
