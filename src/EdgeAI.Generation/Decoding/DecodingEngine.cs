namespace EdgeAI.Generation;

/// <summary>
/// Continuous batching: sequences join and leave between steps and share the decoder's runs. One call of <see cref="Step"/> is one run of the decoder. It has no thread of its own: a
/// worker calls it in production, tests call it step by step. <see cref="Submit"/> and <see cref="Cancel"/> may be called from any thread, the rest from one at a time.
/// </summary>
internal sealed class DecodingEngine : IDisposable
{
    // More are forced in the next turn.
    private const int MostForced = 128;

    private static readonly long _agingPeriod = TimeSpan.FromSeconds(10).Ticks;

    private readonly IDecoder _decoder;
    private readonly GenerationClock _clock;
    private readonly string _deviceId;
    private readonly IReadOnlyList<int> _endTokens;
    private readonly SequenceQueue _queue;
    private readonly CacheSlot[] _slots;
    private readonly List<GenerationSequence> _prefilling = [];
    private readonly StepPlanner _planner;
    private readonly PrefixStore _prefixes;
    private readonly int[] _stepTokens;
    private readonly int[] _stepPlaces;
    private readonly ulong[] _allowed;
    private readonly DecodingPace _pace;
    private readonly DeadlineJudge _deadlines;
    private readonly VerificationCost? _verificationCost;
    private readonly int[] _verified;
    private readonly int[] _forced = new int[MostForced];
    private readonly bool _jumpsAhead;
    private bool _wasForced;
    private long _steps;
    private int _active;
    private volatile bool _hasCancelled;

    public DecodingEngine(IDecoder decoder, DecodingLimits limits, IReadOnlyList<int> endTokens, string deviceId, GenerationClock clock)
    {
        _decoder = decoder;
        _clock = clock;
        _deviceId = deviceId;
        _endTokens = endTokens;
        _queue = new SequenceQueue(limits.MaxQueueLength, _agingPeriod);
        _slots = [.. Enumerable.Range(0, decoder.SlotCount).Select(index => new CacheSlot(index, decoder.Capacity))];
        _planner = new StepPlanner(decoder.MaxChunk, Math.Min(limits.SharedChunk, decoder.MaxChunk));
        _pace = new DecodingPace(limits.SharedChunk);
        _prefixes = new PrefixStore(limits.PrefixCacheBytes, decoder.RowBytes);
        _deadlines = new DeadlineJudge(_queue, _slots, _prefilling, _prefixes, _pace, clock);
        _stepTokens = new int[decoder.SlotCount];
        _stepPlaces = new int[decoder.SlotCount];
        _allowed = new ulong[TokenMask.Length(decoder.VocabularySize)];
        Workspace = new SamplingWorkspace(decoder.VocabularySize);
        var mostVerified = Math.Min(decoder.MaxLogits, decoder.MaxChunk);
        _verified = new int[mostVerified];
        _jumpsAhead = limits.JumpsAhead;
        if (limits.Speculates && mostVerified > 1) _verificationCost = new VerificationCost(mostVerified);
    }

    /// <summary>Called, on any thread, when there may be something to do.</summary>
    public Action? Woken { get; set; }

    /// <summary>Keeps conversations on disk; <see langword="null"/> for nobody.</summary>
    public ConversationKeeper? Conversations { get; set; }

    /// <summary>Sequences that have a slot.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Sequences that wait for one.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Whether a step has something to do.</summary>
    public bool HasWork => Active > 0 || Waiting > 0;

    /// <summary>Tokens that a slot has room for.</summary>
    public int Capacity => _decoder.Capacity;

    /// <summary>Bytes of a row of the cache.</summary>
    public long RowBytes => _decoder.RowBytes;

    /// <summary>For the samplers of all sequences.</summary>
    public SamplingWorkspace Workspace { get; }

    public IReadOnlyList<CacheSlot> Slots => _slots;

    public PrefixStore Prefixes => _prefixes;

    /// <summary>Takes a sequence in.</summary>
    /// <exception cref="RequestRejectedException">The queue is full, or nothing is taken in any more. A deadline that cannot be met is found by the next step.</exception>
    public void Submit(GenerationSequence sequence)
    {
        if (!_queue.TryAdd(sequence))
        {
            if (_queue.IsClosed) throw ShuttingDown();
            throw new RequestRejectedException(RejectionReason.QueueFull, $"{_queue.Count} sequences wait already; raise TextGeneratorOptions.MaxQueueLength or send fewer at once.", _deadlines.UntilNextFree());
        }

        Woken?.Invoke();
    }

    /// <summary>Gives a sequence up, within one step.</summary>
    public void Cancel(GenerationSequence sequence)
    {
        sequence.Cancel();
        _hasCancelled = true;
        Woken?.Invoke();
    }

    /// <summary>What a sequence took, so far.</summary>
    public GenerationUsage UsageOf(GenerationSequence sequence) => sequence.Usage(_clock.Now);

    /// <summary>Runs the decoder once, for what is most due.</summary>
    /// <returns><see langword="false"/> where there was nothing to do.</returns>
    public bool Step()
    {
        Sweep();
        while (TryPlace())
        {
        }

        while (SlotPlanner.FindMove(_slots) is { } move) Move(move);
        _deadlines.ObserveSlots();
        _steps++;
        if (_prefilling.Count > 0) CatchUp(_prefilling[0]);
        var step = _planner.Next(_slots, _prefilling);
        switch (step.Kind)
        {
            case DecodingStepKind.Prefill:
                Prefill(step.Sequence!, step.Count);
                return true;
            case DecodingStepKind.Decode:
                if (step.Count > 1 || _active > 1 || !TryVerify(_slots[step.FirstSlot])) Decode(step.FirstSlot, step.Count);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Ends what was cancelled, what is too late, and what has come and will be. Also called while the worker waits for cores.</summary>
    public void Sweep()
    {
        var lookForCancelled = _hasCancelled;
        _hasCancelled = false;
        var now = _clock.Now;
        while (_queue.TakeLapsed(now, lookForCancelled) is { } lapsed) End(lapsed, lapsed.IsCancelled ? lapsed.CancellationReason : _deadlines.TooLate());
        foreach (var slot in _slots)
        {
            if (slot.Owner is not { } sequence) continue;
            if (sequence.IsCancelled) End(sequence, sequence.CancellationReason);
            else if (!sequence.HasFirstToken && sequence.Deadline <= now) End(sequence, _deadlines.TooLate());
        }

        while (_queue.NextUnjudged() is { } arrived)
        {
            if (_deadlines.FindLate(arrived) is { } late && _queue.Remove(arrived)) End(arrived, late);
        }
    }

    /// <summary>Takes nothing in any more, and ends those that wait.</summary>
    public void Close()
    {
        _queue.Close();
        while (_queue.Take() is { } sequence) End(sequence, ShuttingDown());
    }

    /// <summary>Ends those that are in progress.</summary>
    public void EndActive(Exception error)
    {
        if (error is not EdgeAIException) error = Fault(error);
        foreach (var slot in _slots)
        {
            if (slot.Owner is { } sequence) End(sequence, error);
        }
    }

    /// <summary>Takes a conversation of an earlier start, used longer ago than all before. Owned by the engine.</summary>
    public void Restore(PrefixEntry entry)
    {
        entry.LastUsed = -_prefixes.Entries.Count;
        if (_prefixes.Wants(entry.Tokens)) _prefixes.Add(entry);
        else entry.Dispose();
    }

    /// <summary>Keeps rows of a prompt for good, which were computed before.</summary>
    public void Pin(PrefixEntry entry) => _prefixes.Add(entry);

    /// <summary>Computes a prompt and keeps its rows for good.</summary>
    /// <returns>What is kept; owned by the engine.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public PrefixEntry Pin(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        if (_slots.Any(slot => slot.Owner is not null)) throw new InvalidOperationException("Prompts are pinned before sequences are taken in.");
        var slot = _slots[0];
        slot.Truncate(slot.Tokens.CommonPrefixLength(tokens));
        while (slot.Count < tokens.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chunk = tokens.Slice(slot.Count, Math.Min(_decoder.MaxChunk, tokens.Length - slot.Count));
            var started = _clock.Now;
            _decoder.Prefill(0, slot.Count, chunk, 0, cancellationToken);
            _pace.ObservePrompt(chunk.Length, _clock.Now - started, isShared: false, _clock.Now);
            slot.Append(chunk);
        }

        slot.IsShareable = true;
        var entry = Export(slot, isPinned: true);
        _prefixes.Add(entry);
        return entry;
    }

    /// <summary>Runs both sorts of steps once, so that the first request is as fast as the later ones.</summary>
    public void WarmUp(CancellationToken cancellationToken)
    {
        _decoder.Prefill(0, 0, new int[Math.Min(2, _decoder.MaxChunk)], 1, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        _decoder.Decode(0, [0], [0]);
    }

    /// <summary>Stops the decoder's run. From any thread.</summary>
    public void CancelRun()
    {
        foreach (var slot in _slots) slot.Owner?.Cancel(ShuttingDown());
    }

    public void Dispose()
    {
        Close();
        EndActive(ShuttingDown());
        KeepConversations();
        _prefixes.Dispose();
        _decoder.Dispose();
    }

    private bool TryPlace()
    {
        if (_queue.Count == 0 || _active == _slots.Length || _queue.Take() is not { } sequence) return false;
        var placement = SlotPlanner.Place(_slots, sequence.Prompt, sequence.Options.ReusePrefix)!.Value;
        if (_deadlines.FindHopeless(sequence) is { } hopeless)
        {
            End(sequence, hopeless);
            return true;
        }

        var slot = _slots[placement.Slot];
        if (placement.DiscardedRows > 0) Keep(slot);
        try
        {
            sequence.CachedTokens = Restore(slot, sequence, placement);
        }
        catch (Exception e)
        {
            slot.Truncate(0);
            End(sequence, Fault(e));
            return true;
        }

        sequence.Slot = slot.Index;
        sequence.State = SequenceState.Prefilling;
        sequence.PlacedAt = _clock.Now;
        slot.Owner = sequence;
        slot.IsShareable = sequence.Options.ReusePrefix;
        slot.LastUsed = _steps;
        _prefilling.Add(sequence);
        Volatile.Write(ref _active, _active + 1);
        return true;
    }

    /// <summary>Brings the rows that the sequence starts with into its slot.</summary>
    private int Restore(CacheSlot slot, GenerationSequence sequence, in SlotPlacement placement)
    {
        var rows = placement.Rows;
        var entry = sequence.Options.ReusePrefix ? _prefixes.Find(sequence.Prompt, out var stored) is { } found && stored > rows ? found : null : null;
        if (entry is not null)
        {
            rows = Math.Min(entry.Tokens.CommonPrefixLength(sequence.Prompt), sequence.PromptLength - 1);
            entry.LastUsed = _steps;
            Conversations?.Touch(entry);
            _decoder.Import(slot.Index, rows, entry.Rows, entry.Count);
        }
        else if (placement.SourceSlot >= 0 && placement.SourceSlot != slot.Index && rows > 0)
        {
            _decoder.CopyRows(placement.SourceSlot, slot.Index, rows);
        }

        slot.Restore(sequence.Prompt[..rows]);
        return rows;
    }

    /// <summary>
    /// Sequences that came together found nothing to begin with; by the time that one's prompt is due, another's may have been computed that begins alike.
    /// </summary>
    private void CatchUp(GenerationSequence sequence)
    {
        var slot = _slots[sequence.Slot];
        if (!sequence.Options.ReusePrefix || slot.Count > sequence.CachedTokens) return;
        var (source, rows) = SlotPlanner.FindSource(_slots, sequence.Prompt);
        if (source < 0 || source == slot.Index || rows <= slot.Count) return;
        _decoder.CopyRows(source, slot.Index, rows);
        slot.Restore(sequence.Prompt[..rows]);
        sequence.CachedTokens = rows;
    }

    /// <summary>Keeps a slot's rows in host memory, where they are worth it and there is room.</summary>
    private void Keep(CacheSlot slot)
    {
        if (!slot.IsShareable || !_prefixes.Wants(slot.Tokens)) return;
        try
        {
            var entry = Export(slot, isPinned: false);
            _prefixes.Add(entry);
            Conversations?.Keep(entry);
        }
        catch (OutOfMemoryException)
        {
            // Then they are computed again when they are needed.
        }
    }

    /// <summary>What the slots still hold, and what there was no time to write.</summary>
    private void KeepConversations()
    {
        if (Conversations is null) return;
        foreach (var slot in _slots.OrderBy(slot => slot.LastUsed)) Keep(slot);
        Conversations.Close(_prefixes.Entries.OrderBy(entry => entry.LastUsed));
    }

    private PrefixEntry Export(CacheSlot slot, bool isPinned)
    {
        var rows = new NativeBuffer((nuint)(slot.Count * _decoder.RowBytes));
        _decoder.Export(slot.Index, slot.Count, rows);
        return new PrefixEntry(slot.Tokens.ToArray(), rows, isPinned) { LastUsed = slot.LastUsed };
    }

    private void Move(SlotMove move)
    {
        var (from, to) = (_slots[move.From], _slots[move.To]);
        Keep(to);
        _decoder.CopyRows(move.From, move.To, from.Count);
        to.Restore(from.Tokens);
        to.Owner = from.Owner;
        to.IsShareable = from.IsShareable;
        to.LastUsed = _steps;
        to.Owner!.Slot = to.Index;
        Vacate(from);
        from.Truncate(0);
    }

    private void Prefill(GenerationSequence sequence, int count)
    {
        var slot = _slots[sequence.Slot];
        var start = slot.Count;
        var isLast = start + count == sequence.Length;
        var tokens = sequence.Tokens.Slice(start, count);
        _wasForced = sequence.GeneratedCount > 0;
        var started = _clock.Now;
        Span<float> logits;
        try
        {
            logits = _decoder.Prefill(slot.Index, start, tokens, isLast ? 1 : 0, sequence.CancellationToken);
        }
        catch (Exception e)
        {
            if (!sequence.IsCancelled) slot.Truncate(0);
            End(sequence, sequence.IsCancelled ? sequence.CancellationReason : Fault(e));
            return;
        }

        _pace.ObservePrompt(count, _clock.Now - started, isShared: _active > _prefilling.Count, _clock.Now);
        slot.Append(tokens);
        slot.LastUsed = _steps;
        if (!isLast) return;
        _prefilling.Remove(sequence);
        sequence.State = SequenceState.Decoding;
        Choose(sequence, logits);
        JumpAhead(sequence);
    }

    private void Decode(int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            // A slot in between that has no token yet takes part with any: what is written behind its rows counts for nothing.
            var slot = _slots[first + i];
            var decodes = slot.Owner is { State: SequenceState.Decoding };
            _stepTokens[i] = decodes ? slot.Owner!.Tokens[^1] : 0;
            _stepPlaces[i] = slot.Count;
        }

        Span<float> logits;
        var started = _clock.Now;
        try
        {
            logits = _decoder.Decode(first, _stepTokens.AsSpan(0, count), _stepPlaces.AsSpan(0, count));
        }
        catch (Exception e)
        {
            if (count == 1) Fail(_slots[first], e);
            else for (var i = 0; i < count; i++) DecodeAlone(_slots[first + i]);
            return;
        }

        var ticks = _clock.Now - started;
        _pace.ObserveStep(ticks, 1);
        if (count == 1) _verificationCost?.Observe(1, TimeSpan.FromTicks(ticks));
        for (var i = 0; i < count; i++)
        {
            if (_slots[first + i].Owner is not { State: SequenceState.Decoding } sequence) continue;
            Advance(_slots[first + i], _stepTokens[i], logits.Slice(i * _decoder.VocabularySize, _decoder.VocabularySize));
            JumpAhead(sequence);
        }
    }

    /// <summary>
    /// Verifies drafted tokens of a sequence that is decoded by itself, where that pays: one run computes them all, and each is right when the sampler chooses it too. What was computed
    /// behind the first wrong one is forgotten. The answer is that of plain steps.
    /// </summary>
    /// <returns><see langword="false"/> where a plain step is better.</returns>
    private bool TryVerify(CacheSlot slot)
    {
        if (_verificationCost is null || slot.Owner is not { State: SequenceState.Decoding, Options.Speculate: true } sequence) return false;
        sequence.Speculation ??= new SequenceSpeculation(sequence.PromptLength + sequence.MaxTokens, _verificationCost);
        var most = Math.Min(sequence.MaxTokens - sequence.GeneratedCount - 1, _decoder.Capacity - slot.Count - 1);
        var draft = sequence.Speculation.Draft(sequence.Tokens, most);
        if (draft.IsEmpty) return false;
        var tokens = _verified.AsSpan(0, draft.Length + 1);
        tokens[0] = sequence.Tokens[^1];
        draft.CopyTo(tokens[1..]);
        Span<float> logits;
        var started = _clock.Now;
        try
        {
            logits = _decoder.Prefill(slot.Index, slot.Count, tokens, tokens.Length, sequence.CancellationToken);
        }
        catch (Exception e)
        {
            if (sequence.IsCancelled) End(sequence, sequence.CancellationReason);
            else Fail(slot, e);
            return true;
        }

        var ticks = _clock.Now - started;
        _verificationCost.Observe(tokens.Length, TimeSpan.FromTicks(ticks));
        var accepted = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            Advance(slot, tokens[i], logits.Slice(i * _decoder.VocabularySize, _decoder.VocabularySize));
            if (i == draft.Length || sequence.State != SequenceState.Decoding || sequence.Tokens[^1] != tokens[i + 1]) break;
            accepted++;
        }

        _pace.ObserveStep(ticks, accepted + 1);
        sequence.DraftedTokens += draft.Length;
        sequence.AcceptedTokens += accepted;
        sequence.Speculation.Observe(draft.Length, accepted);
        JumpAhead(sequence);
        return true;
    }

    /// <summary>A step of several has failed: whoever can go on by itself does.</summary>
    private void DecodeAlone(CacheSlot slot)
    {
        if (slot.Owner is not { State: SequenceState.Decoding } sequence) return;
        var token = sequence.Tokens[^1];
        Span<float> logits;
        try
        {
            logits = _decoder.Decode(slot.Index, [token], [slot.Count]);
        }
        catch (Exception e)
        {
            Fail(slot, e);
            return;
        }

        Advance(slot, token, logits);
        JumpAhead(sequence);
    }

    private void Fail(CacheSlot slot, Exception error)
    {
        if (slot.Owner is not { } sequence) return;
        slot.Truncate(0);
        End(sequence, Fault(error));
    }

    private void Advance(CacheSlot slot, int token, Span<float> logits)
    {
        if (slot.Owner is not { State: SequenceState.Decoding } sequence) return;
        slot.Append(token);
        slot.LastUsed = _steps;
        Choose(sequence, logits);
    }

    /// <summary>Chooses the sequence's next token. What a constraint or a tokenizer throws ends this sequence alone.</summary>
    private void Choose(GenerationSequence sequence, Span<float> logits)
    {
        try
        {
            Span<ulong> allowed = [];
            if (sequence.Request.Constraint is { } constraint)
            {
                allowed = _allowed;
                if (sequence.Lookahead is { } lookahead) lookahead.FillAllowed(allowed, sequence.TokensLeft);
                else constraint.FillAllowed(allowed);
            }

            Take(sequence, sequence.Sampler.Choose(logits, allowed));
        }
        catch (Exception e)
        {
            End(sequence, e);
        }
    }

    /// <summary>
    /// Takes tokens that the sequence's constraint leaves no choice about, as if they were chosen, and lets them be computed together like a prompt (jump-ahead decoding). For one sequence that saves a run for each; while
    /// others are decoded, whose runs have room for one more row, it takes as many tokens as there are sequences for the extra run to pay.
    /// </summary>
    private void JumpAhead(GenerationSequence sequence)
    {
        if (!_jumpsAhead || sequence is not { State: SequenceState.Decoding, Lookahead: { } lookahead, Options.TopLogProbabilities: null }) return;
        try
        {
            var forced = _forced.AsSpan(0, lookahead.FillForced(_forced, sequence.TokensLeft));
            if (forced.Length == 0 || forced.Length < Decoding()) return;
            foreach (var token in forced)
            {
                // Where the bias forbids it too, choosing it says so.
                if (sequence.State != SequenceState.Decoding || sequence.Options.LogitBias.TryGetValue(token, out var bias) && float.IsNegativeInfinity(bias)) break;
                sequence.Sampler.Accept(token);
                sequence.ForcedTokens++;
                Take(sequence, token);
            }
        }
        catch (Exception e)
        {
            End(sequence, e);
            return;
        }

        if (sequence.State != SequenceState.Decoding || sequence.Length - _slots[sequence.Slot].Count < 2) return;
        sequence.State = SequenceState.Prefilling;

        // Before prompts, of which a part comes in between.
        _prefilling.Insert(_wasForced ? Math.Min(1, _prefilling.Count) : 0, sequence);
    }

    /// <summary>Sequences that are decoded.</summary>
    private int Decoding()
    {
        var count = 0;
        foreach (var slot in _slots)
        {
            if (slot.Owner is { State: SequenceState.Decoding }) count++;
        }

        return count;
    }

    private void Take(GenerationSequence sequence, int token)
    {
        if (!sequence.Options.IgnoreEndTokens && IsEndToken(token))
        {
            End(sequence, FinishReason.EndToken);
            return;
        }

        var isComplete = sequence.Request.Constraint is { } constraint && constraint.TryAccept(token) && constraint.IsComplete;
        sequence.Append(token, _clock.Now);
        sequence.Pipe.Write(EntryOf(sequence, token));
        if (isComplete) End(sequence, FinishReason.EndToken);
        else if (IsStopped(sequence, token)) End(sequence, FinishReason.StopSequence);
        else if (sequence.TokensLeft == 0) End(sequence, sequence.Lookahead is { TokensToEnd: 0 } ? FinishReason.EndToken : FinishReason.Length);
    }

    private static bool IsStopped(GenerationSequence sequence, int token)
    {
        if (sequence.Stops is not { } stops) return false;
        stops.Append(token);
        return stops.IsStopped;
    }

    private static TokenEntry EntryOf(GenerationSequence sequence, int token) => sequence.Options.TopLogProbabilities is null
        ? new TokenEntry(token)
        : new TokenEntry(token, sequence.Sampler.LogProbability, sequence.Sampler.TopLogProbabilities.ToArray());

    private bool IsEndToken(int token)
    {
        for (var i = 0; i < _endTokens.Count; i++)
        {
            if (_endTokens[i] == token) return true;
        }

        return false;
    }

    private void End(GenerationSequence sequence, FinishReason reason)
    {
        sequence.FinishReason = reason;
        End(sequence);
    }

    private void End(GenerationSequence sequence, Exception? error = null)
    {
        if (sequence.State is SequenceState.Prefilling or SequenceState.Decoding)
        {
            _prefilling.Remove(sequence);
            Vacate(_slots[sequence.Slot]);
            Volatile.Write(ref _active, _active - 1);
            if (sequence.FinishReason is not null) _pace.ObserveAnswer(sequence.GeneratedCount);
        }

        sequence.State = SequenceState.Ended;
        sequence.Pipe.Complete(error);
    }

    private static void Vacate(CacheSlot slot)
    {
        slot.Owner = null;
        if (!slot.IsShareable) slot.Truncate(0);
    }

    private DeviceFaultException Fault(Exception error) =>
        error as DeviceFaultException ?? new DeviceFaultException(_deviceId, $"the decoder failed: {error.Message}", error);

    private static RequestRejectedException ShuttingDown() => new(RejectionReason.ShuttingDown, "the text generator is shutting down.");
}
