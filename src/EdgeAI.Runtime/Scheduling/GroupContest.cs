using System.Numerics;
using EdgeAI.Batching;

namespace EdgeAI.Scheduling;

/// <summary>
/// Finds out which group of lanes serves a load best by letting them take turns at it. What was measured with nobody else on the machine tells how fast lanes can run, not what is left
/// of that beside the callers' own work: on two cores two lanes of one thread run digits at 128,000 rows/s, and one lane of two threads at 102,000; with 16 callers it is 61,000 and 83,000.
/// For each level of load the planned group is the incumbent. Each other one that could win, by its curve, is compared with it in short windows that alternate; who wins stays, who does not is tried
/// again after 10 s, then 20 s, and so on up to 10 min. Belongs to the scheduler.
/// </summary>
internal sealed class GroupContest
{
    // Each level has four times the load of the one before: callers that are on their way from an answer to the next request make the figure waver by half.
    private const int MostLevels = 7;
    private const int BitsPerLevel = 2;

    // A load that hovers at the border of two levels stays in the one it was in.
    private const double Hysteresis = 0.35;
    private const double WorthTrying = 1.03;
    private const int LeastItems = 32;
    private static readonly long _shortest = TimeSpan.FromMilliseconds(40).Ticks;
    private static readonly long _longest = TimeSpan.FromSeconds(2).Ticks;
    private static readonly long _dwell = TimeSpan.FromMilliseconds(100).Ticks;
    private static readonly long _settling = TimeSpan.FromMilliseconds(2).Ticks;
    private static readonly long _firstRetry = TimeSpan.FromSeconds(10).Ticks;
    private static readonly long _lastRetry = TimeSpan.FromMinutes(10).Ticks;

    private readonly Level[] _levels = [.. Enumerable.Range(0, MostLevels).Select(_ => new Level())];
    private int _level;
    private long _levelSince;
    private long _openFrom;
    private long _openedAt;
    private bool _isOpen;
    private long _items;
    private long _failed;
    private long _spent;

    /// <summary>The group to use.</summary>
    /// <param name="groups">Those that serve.</param>
    /// <param name="planned">The one that measuring without callers suggests.</param>
    /// <param name="load">Requests in flight, smoothed.</param>
    /// <param name="now">Ticks.</param>
    public LaneGroup Choose(List<LaneGroup> groups, LaneGroup planned, double load, long now)
    {
        if (groups.Count == 1) return planned;
        if (now - _levelSince >= _dwell && FindLevel(load) is var level && level != _level)
        {
            (_level, _levelSince) = (level, now);
            Restart(now);
        }

        var state = _levels[_level];
        if (state.Incumbent is null || !groups.Contains(state.Incumbent)) state.Begin(planned);
        if (state.Challenger is { } challenger && !groups.Contains(challenger)) state.Challenger = null;
        return state.OnTurn!;
    }

    /// <summary>A lane has finished a batch.</summary>
    /// <param name="groups">Those that serve.</param>
    /// <param name="group">The lane's.</param>
    /// <param name="batch">What it ran; its items are still there.</param>
    /// <param name="isAnswered">Whether the run went well: what fails fast serves nobody.</param>
    /// <param name="now">Ticks.</param>
    public void Finished(List<LaneGroup> groups, LaneGroup group, Batch batch, bool isAnswered, long now)
    {
        var state = _levels[_level];
        if (groups.Count == 1 || group != state.OnTurn || !state.IsOfInterest(groups, now)) return;
        if (!_isOpen)
        {
            // What others had begun ends first.
            if (now >= _openFrom) Open(now);
            return;
        }

        if (isAnswered) _items += batch.Count;
        else _failed += batch.Count;
        for (var i = 0; isAnswered && i < batch.Count; i++) _spent += now - batch[i].EnqueuedAt;
        if ((now - _openedAt > _longest && _items < LeastItems) || _failed > Math.Max(LeastItems, _items))
        {
            // The load is gone, or the challenger cannot bear it.
            state.GiveUp(now);
            Restart(now);
            return;
        }

        if (now - _openedAt < _shortest || _items < Math.Max(LeastItems, 4L << (BitsPerLevel * _level))) return;
        state.Add(new ServedWindow((double)_items / (now - _openedAt), (double)_spent / _items), groups, batch[0].Shape, Crowd, now);
        Restart(now);
    }

    /// <summary>New curves: what was learned of the groups may be wrong.</summary>
    public void Clear()
    {
        foreach (var level in _levels) level.Begin(null);
        _isOpen = false;
    }

    // Some are always on their way between the caller and the queue.
    private int Crowd => 8 << (BitsPerLevel * _level);

    private int FindLevel(double load)
    {
        var least = 1 << (BitsPerLevel * _level);
        if (load >= (1 - Hysteresis) * least && load < (1 + Hysteresis) * (least << BitsPerLevel)) return _level;
        return Math.Min(BitOperations.Log2((uint)Math.Max(1, load)) / BitsPerLevel, MostLevels - 1);
    }

    private void Open(long now) => (_isOpen, _openedAt, _items, _failed, _spent) = (true, now, 0, 0, 0);

    private void Restart(long now) => (_isOpen, _openFrom) = (false, now + _settling);

    /// <summary>What is known of one level of load.</summary>
    private sealed class Level
    {
        private readonly List<Trial> _trials = [];
        private PairedComparison _comparison;
        private ServedWindow _incumbents;
        private bool _isChallengersTurn;

        public LaneGroup? Incumbent { get; private set; }

        public LaneGroup? Challenger { get; set; }

        public LaneGroup? OnTurn => Challenger is not null && _isChallengersTurn ? Challenger : Incumbent;

        public void Begin(LaneGroup? incumbent)
        {
            _trials.Clear();
            (Incumbent, Challenger) = (incumbent, null);
        }

        /// <summary>Whether a trial is on, or one is due.</summary>
        public bool IsOfInterest(List<LaneGroup> groups, long now)
        {
            if (Challenger is not null) return true;
            foreach (var group in groups)
            {
                if (group != Incumbent && IsDue(group, now)) return true;
            }

            return false;
        }

        public void Add(in ServedWindow window, List<LaneGroup> groups, ShapeGroup shape, int crowd, long now)
        {
            if (Challenger is not { } challenger)
            {
                Challenger = FindChallenger(window, groups, shape, crowd, now);
                (_comparison, _incumbents, _isChallengersTurn) = (default, window, true);
            }
            else if (_isChallengersTurn)
            {
                _comparison.Add(_incumbents, window);
                _isChallengersTurn = false;
                if (_comparison.IsDecided) End(challenger, now);
            }
            else
            {
                (_incumbents, _isChallengersTurn) = (window, true);
            }
        }

        /// <summary>The next one to try whose lanes alone could serve more than is served now; those that could not are put off.</summary>
        private LaneGroup? FindChallenger(in ServedWindow window, List<LaneGroup> groups, ShapeGroup shape, int crowd, long now)
        {
            foreach (var group in groups)
            {
                if (group == Incumbent || !IsDue(group, now)) continue;
                if (Bound(group, shape.CostsOn(group), crowd) > WorthTrying * window.Rate) return group;
                PutOff(group, now);
            }

            return null;
        }

        /// <summary>Ends a trial that comes to nothing.</summary>
        public void GiveUp(long now)
        {
            if (Challenger is not { } challenger) return;
            PutOff(challenger, now);
            Challenger = null;
        }

        private void End(LaneGroup challenger, long now)
        {
            if (_comparison.IsBetter) (Incumbent, challenger) = (challenger, Incumbent!);
            PutOff(challenger, now);
            Challenger = null;
        }

        private bool IsDue(LaneGroup group, long now)
        {
            foreach (var trial in _trials)
            {
                if (trial.Group == group) return now >= trial.NotBefore;
            }

            return true;
        }

        private void PutOff(LaneGroup group, long now)
        {
            var pause = _firstRetry;
            for (var i = _trials.Count - 1; i >= 0; i--)
            {
                if (_trials[i].Group != group) continue;
                pause = Math.Min(_lastRetry, 2 * _trials[i].Pause);
                _trials.RemoveAt(i);
            }

            _trials.Add(new Trial(group, now + pause, pause));
        }

        /// <summary>Rows per tick that the lanes could run if nothing else took time.</summary>
        private static double Bound(LaneGroup group, RunCosts costs, int crowd)
        {
            if (!costs.IsKnown) return double.PositiveInfinity;
            var best = 0.0;
            for (var rows = 1; rows <= Math.Min(crowd, costs.MaxRows(group.MaxRows)); rows *= 2)
            {
                // A group whose lanes hang has none for a while.
                var busy = Math.Max(1, Math.Min(crowd / rows, group.Lanes.Count));
                best = Math.Max(best, (double)rows * busy / Math.Max(1, costs.Predict(rows, isCrowded: busy > 1)));
            }

            return best;
        }

        private readonly record struct Trial(LaneGroup Group, long NotBefore, long Pause);
    }
}
