namespace EdgeAI.Testing;

/// <summary>
/// When a simulated device fails. Runs and openings are counted from 1 over the device's whole life. Where several rules fit,
/// a numbered one wins over a repeated one, and that over the switch. Thread-safe; may be changed while the device works.
/// </summary>
public sealed class SimulatedFaults
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, SimulatedFault> _runs = [];
    private readonly Dictionary<long, SimulatedFault> _openings = [];
    private readonly List<(int Period, SimulatedFault Fault)> _everyRuns = [];
    private TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _hasRunRules;
    private volatile SimulatedFault _always;
    private volatile SimulatedFault _alwaysAtOpening;

    internal SimulatedFaults()
    {
    }

    /// <summary>A switch: what every run suffers while it is set. <see cref="SimulatedFault.None"/> by default.</summary>
    public SimulatedFault Always
    {
        get => _always;
        set => _always = value;
    }

    /// <summary>A switch: what every opening of a session suffers while it is set. <see cref="SimulatedFault.None"/> by default.</summary>
    /// <exception cref="ArgumentException">The fault concerns outputs.</exception>
    public SimulatedFault AlwaysAtOpening
    {
        get => _alwaysAtOpening;
        set
        {
            ThrowIfAboutOutputs(value);
            _alwaysAtOpening = value;
        }
    }

    /// <summary>Run <paramref name="number"/> fails.</summary>
    /// <param name="number">1 or more; the device's first run is 1.</param>
    /// <param name="fault">How.</param>
    public void OnRun(long number, SimulatedFault fault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        lock (_gate) _runs[number] = fault;
        _hasRunRules = true;
    }

    /// <summary>Every <paramref name="period"/>-th run fails. Several periods may be set; the first set wins.</summary>
    /// <param name="period">1 or more.</param>
    /// <param name="fault">How.</param>
    public void EveryRuns(int period, SimulatedFault fault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        lock (_gate) _everyRuns.Add((period, fault));
        _hasRunRules = true;
    }

    /// <summary>Opening <paramref name="number"/> fails.</summary>
    /// <param name="number">1 or more; the first session that the device is asked for is 1.</param>
    /// <param name="fault">How.</param>
    /// <exception cref="ArgumentException">The fault concerns outputs.</exception>
    public void OnOpening(long number, SimulatedFault fault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ThrowIfAboutOutputs(fault);
        lock (_gate) _openings[number] = fault;
    }

    /// <summary>Lets every run and opening go on that hangs now. Later ones hang again while a rule says so.</summary>
    public void ReleaseHung()
    {
        TaskCompletionSource released;
        lock (_gate)
        {
            released = _release;
            _release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        released.SetResult();
    }

    /// <summary>Forgets every rule and turns the switches off. What hangs stays so, and a lost device stays lost.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _runs.Clear();
            _openings.Clear();
            _everyRuns.Clear();
        }

        _hasRunRules = false;
        _always = SimulatedFault.None;
        _alwaysAtOpening = SimulatedFault.None;
    }

    internal Task Released
    {
        get
        {
            lock (_gate) return _release.Task;
        }
    }

    internal SimulatedFault ForRun(long number)
    {
        if (!_hasRunRules) return _always;
        lock (_gate)
        {
            if (_runs.TryGetValue(number, out var fault)) return fault;
            foreach (var rule in _everyRuns)
            {
                if (number % rule.Period == 0) return rule.Fault;
            }
        }

        return _always;
    }

    internal SimulatedFault ForOpening(long number)
    {
        lock (_gate) return _openings.TryGetValue(number, out var fault) ? fault : _alwaysAtOpening;
    }

    private static void ThrowIfAboutOutputs(SimulatedFault fault)
    {
        if (fault is SimulatedFault.WrongLength or SimulatedFault.Garbage)
        {
            throw new ArgumentException($"{fault} is a fault of outputs, which an opening has none of; use it for runs.", nameof(fault));
        }
    }
}
