namespace EdgeAI.Testing;

/// <summary>
/// When a simulated device fails. Runs and openings are counted from 1 over the device's whole life. Where several rules fit,
/// a numbered one wins over a repeated one, that over one by time, that over one by chance, and that over the switch. Thread-safe; may be changed while the device works.
/// </summary>
public sealed class SimulatedFaults
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, SimulatedFault> _runs = [];
    private readonly Dictionary<long, SimulatedFault> _openings = [];
    private readonly List<(int Period, SimulatedFault Fault)> _everyRuns = [];
    private readonly List<(TimeSpan From, TimeSpan To, SimulatedFault Fault)> _spans = [];
    private readonly List<(double Probability, SimulatedFault Fault)> _chances = [];
    private double _slowFactor = 10;
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
    /// <exception cref="ArgumentException">The fault is one of runs only.</exception>
    public SimulatedFault AlwaysAtOpening
    {
        get => _alwaysAtOpening;
        set
        {
            ThrowIfAboutRuns(value);
            _alwaysAtOpening = value;
        }
    }

    /// <summary>How many times as long a run takes that is <see cref="SimulatedFault.Slow"/>, 1 or more. Default: 10.</summary>
    public double SlowFactor
    {
        get => Volatile.Read(ref _slowFactor);
        set
        {
            if (!(value >= 1 && double.IsFinite(value))) throw new ArgumentOutOfRangeException(nameof(value), value, "A slow run takes 1 or more times as long.");
            Volatile.Write(ref _slowFactor, value);
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

    /// <summary>Every run that begins in a span of time fails. Several spans may be set; the first set wins.</summary>
    /// <param name="from">Since the device was made.</param>
    /// <param name="to">Since the device was made; the span ends just before it. <see cref="TimeSpan.MaxValue"/>: never.</param>
    /// <param name="fault">How.</param>
    public void Between(TimeSpan from, TimeSpan to, SimulatedFault fault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        lock (_gate) _spans.Add((from, to, fault));
        _hasRunRules = true;
    }

    /// <summary>Runs fail by chance: the same ones for the same <see cref="SimulatedDeviceOptions.Seed"/>. Several chances may be set, each drawn for itself; the first set wins.</summary>
    /// <param name="probability">Of each run, 0 to 1.</param>
    /// <param name="fault">How.</param>
    public void AtRandom(double probability, SimulatedFault fault)
    {
        if (!(probability is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability is from 0 to 1.");
        lock (_gate) _chances.Add((probability, fault));
        _hasRunRules = true;
    }

    /// <summary>Opening <paramref name="number"/> fails.</summary>
    /// <param name="number">1 or more; the first session that the device is asked for is 1.</param>
    /// <param name="fault">How.</param>
    /// <exception cref="ArgumentException">The fault is one of runs only.</exception>
    public void OnOpening(long number, SimulatedFault fault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ThrowIfAboutRuns(fault);
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
            _spans.Clear();
            _chances.Clear();
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

    internal SimulatedFault ForRun(long number, TimeSpan started, SeededSequence random)
    {
        if (!_hasRunRules) return _always;
        lock (_gate)
        {
            if (_runs.TryGetValue(number, out var fault)) return fault;
            foreach (var rule in _everyRuns)
            {
                if (number % rule.Period == 0) return rule.Fault;
            }

            foreach (var span in _spans)
            {
                if (started >= span.From && started < span.To) return span.Fault;
            }

            for (var i = 0; i < _chances.Count; i++)
            {
                // Each rule draws from a sequence of its own, apart from the one that latencies stray by.
                var draw = new SeededSequence((int)random.BitsAt(-1 - i)).UnitAt(number);
                if (draw < _chances[i].Probability) return _chances[i].Fault;
            }
        }

        return _always;
    }

    internal SimulatedFault ForOpening(long number)
    {
        lock (_gate) return _openings.TryGetValue(number, out var fault) ? fault : _alwaysAtOpening;
    }

    private static void ThrowIfAboutRuns(SimulatedFault fault)
    {
        if (fault is SimulatedFault.WrongLength or SimulatedFault.Garbage or SimulatedFault.Slow)
        {
            throw new ArgumentException($"{fault} is a fault of runs, not of openings.", nameof(fault));
        }
    }
}
