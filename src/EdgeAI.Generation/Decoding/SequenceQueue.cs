namespace EdgeAI.Generation;

/// <summary>
/// Sequences that wait for a slot. The more urgent priority goes first, within one the earliest arrival; a priority gains a step for each <c>agingPeriod</c> waited, so
/// nothing starves. Bounded. Thread-safe.
/// </summary>
/// <param name="limit">Sequences that may wait.</param>
/// <param name="agingPeriod">In ticks.</param>
internal sealed class SequenceQueue(int limit, long agingPeriod)
{
    private readonly Lock _gate = new();
    private readonly List<GenerationSequence> _waiting = [];
    private long _nextDeadline = GenerationSequence.NoDeadline;
    private volatile int _count;
    private volatile int _unjudged;
    private volatile bool _isClosed;

    public int Count => _count;

    /// <summary>Whether nothing is added any more.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Adds a sequence where there is room.</summary>
    public bool TryAdd(GenerationSequence sequence)
    {
        lock (_gate)
        {
            if (_isClosed || _waiting.Count >= limit) return false;
            _waiting.Add(sequence);
            _nextDeadline = Math.Min(_nextDeadline, sequence.Deadline);
            _count = _waiting.Count;
            if (sequence.Deadline != GenerationSequence.NoDeadline) _unjudged++;
            return true;
        }
    }

    /// <summary>Adds nothing any more.</summary>
    public void Close()
    {
        lock (_gate) _isClosed = true;
    }

    /// <summary>Takes the sequence whose turn it is; <see langword="null"/> where none waits.</summary>
    public GenerationSequence? Take()
    {
        if (_count == 0) return null;
        lock (_gate)
        {
            var best = -1;
            for (var i = 0; i < _waiting.Count; i++)
            {
                if (best < 0 || Rank(_waiting[i]) < Rank(_waiting[best])) best = i;
            }

            return best < 0 ? null : RemoveAt(best);
        }
    }

    /// <summary>Takes one that was cancelled or whose deadline has passed; <see langword="null"/> where there is none.</summary>
    /// <param name="now">In ticks.</param>
    /// <param name="lookForCancelled">Whether one may have been cancelled.</param>
    public GenerationSequence? TakeLapsed(long now, bool lookForCancelled)
    {
        if (_count == 0) return null;
        lock (_gate)
        {
            if (!lookForCancelled && now < _nextDeadline) return null;
            var next = GenerationSequence.NoDeadline;
            for (var i = 0; i < _waiting.Count; i++)
            {
                if (_waiting[i].IsCancelled || _waiting[i].Deadline <= now) return RemoveAt(i);
                next = Math.Min(next, _waiting[i].Deadline);
            }

            _nextDeadline = next;
            return null;
        }
    }

    /// <summary>The first with a deadline that was not asked for before; <see langword="null"/> where there is none.</summary>
    public GenerationSequence? NextUnjudged()
    {
        if (_unjudged == 0) return null;
        lock (_gate)
        {
            foreach (var sequence in _waiting)
            {
                if (sequence.IsJudged || sequence.Deadline == GenerationSequence.NoDeadline) continue;
                Judge(sequence);
                return sequence;
            }

            return null;
        }
    }

    /// <summary>Those whose turn comes before a sequence's, in their order; all that wait where it is <see langword="null"/>.</summary>
    public IReadOnlyList<GenerationSequence> Before(GenerationSequence? sequence)
    {
        lock (_gate)
        {
            var end = sequence is null ? long.MaxValue : Rank(sequence);
            var at = sequence is null ? _waiting.Count : _waiting.IndexOf(sequence);

            // Of equals the earlier arrival goes first: sorting is stable.
            return [.. _waiting.Where((other, index) => Rank(other) < end || (Rank(other) == end && index < at)).OrderBy(Rank)];
        }
    }

    /// <summary>Takes this sequence.</summary>
    /// <returns>Whether it was waiting.</returns>
    public bool Remove(GenerationSequence sequence)
    {
        lock (_gate)
        {
            var index = _waiting.IndexOf(sequence);
            if (index >= 0) RemoveAt(index);
            return index >= 0;
        }
    }

    /// <summary>The earliest deadline of those that wait, in ticks, or an earlier time.</summary>
    public long NextDeadline
    {
        get
        {
            lock (_gate) return _nextDeadline;
        }
    }

    private long Rank(GenerationSequence sequence) => sequence.EnqueuedAt - ((int)sequence.Request.Priority * agingPeriod);

    private GenerationSequence RemoveAt(int index)
    {
        var sequence = _waiting[index];
        _waiting.RemoveAt(index);
        _count = _waiting.Count;
        if (sequence.Deadline != GenerationSequence.NoDeadline) Judge(sequence);
        return sequence;
    }

    private void Judge(GenerationSequence sequence)
    {
        if (sequence.IsJudged) return;
        sequence.IsJudged = true;
        _unjudged--;
    }
}
