namespace EdgeAI.Testing;

/// <summary>Counts what a device does, remembers the latest runs, and wakes whoever waits for a count. Thread-safe.</summary>
internal sealed class RunLedger(int logLength)
{
    private readonly Lock _gate = new();
    private readonly Queue<SimulatedRun> _log = [];
    private readonly Dictionary<int, long> _batchSizes = [];
    private readonly List<string> _violations = [];
    private readonly List<Waiter> _waiters = [];
    private long _openings;
    private int _openSessions;
    private int _liveBindings;
    private long _started;
    private long _completed;
    private long _failed;
    private long _cancelled;
    private int _inFlight;
    private int _maxInFlight;
    private int _waiting;

    public int InFlight => Volatile.Read(ref _inFlight);

    public IReadOnlyList<SimulatedRun> Runs
    {
        get
        {
            lock (_gate) return [.. _log];
        }
    }

    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_gate) return [.. _violations];
        }
    }

    /// <summary>Everything but memory, which the device adds.</summary>
    public SimulatedDeviceStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new SimulatedDeviceStatistics
                {
                    Openings = _openings,
                    OpenSessions = _openSessions,
                    LiveBindings = _liveBindings,
                    RunsStarted = _started,
                    RunsCompleted = _completed,
                    RunsFailed = _failed,
                    RunsCancelled = _cancelled,
                    InFlight = _inFlight,
                    MaxInFlight = _maxInFlight,
                    Waiting = _waiting,
                    BatchSizes = new Dictionary<int, long>(_batchSizes),
                };
            }
        }
    }

    public long CountOpening()
    {
        lock (_gate)
        {
            var number = ++_openings;
            Notify();
            return number;
        }
    }

    public void AddSessions(int change)
    {
        lock (_gate)
        {
            _openSessions += change;
            Notify();
        }
    }

    public void AddBindings(int change)
    {
        lock (_gate)
        {
            _liveBindings += change;
            Notify();
        }
    }

    public void AddWaiting(int change)
    {
        lock (_gate)
        {
            _waiting += change;
            Notify();
        }
    }

    public void Begin(in SimulatedRun run)
    {
        lock (_gate)
        {
            _started++;
            _maxInFlight = Math.Max(_maxInFlight, ++_inFlight);
            _batchSizes[run.BatchSize] = _batchSizes.GetValueOrDefault(run.BatchSize) + 1;
            if (logLength > 0)
            {
                if (_log.Count == logLength) _log.Dequeue();
                _log.Enqueue(run);
            }

            Notify();
        }
    }

    public void End(RunOutcome outcome)
    {
        lock (_gate)
        {
            _inFlight--;
            if (outcome == RunOutcome.Completed) _completed++;
            else if (outcome == RunOutcome.Failed) _failed++;
            else _cancelled++;
            Notify();
        }
    }

    public void AddViolation(string violation)
    {
        lock (_gate) _violations.Add(violation);
    }

    public async Task WhenAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(condition);
        lock (_gate)
        {
            if (condition()) return;
            _waiters.Add(waiter);
        }

        try
        {
            await waiter.Completion.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate) _waiters.Remove(waiter);
        }
    }

    private void Notify()
    {
        foreach (var waiter in _waiters)
        {
            if (waiter.Completion.Task.IsCompleted) continue;
            try
            {
                if (waiter.Condition()) waiter.Completion.SetResult();
            }
            catch (Exception exception)
            {
                // The condition's author waits on the task; the device's own thread is not theirs to break.
                waiter.Completion.SetException(exception);
            }
        }
    }

    private sealed record Waiter(Func<bool> Condition)
    {
        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
