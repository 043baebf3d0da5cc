using System.Globalization;

namespace EdgeAI.Generation;

/// <summary>
/// Says which sequences cannot have their first token in time, by the measured pace and what is before them, and when a place will be free. Looks at the engine's state and changes none of it. For the engine's thread, but for
/// <see cref="UntilNextFree"/>.
/// </summary>
/// <param name="queue">Those that wait.</param>
/// <param name="slots">The places.</param>
/// <param name="prefilling">Those whose prompt is being computed, in their order.</param>
/// <param name="prefixes">What is kept of earlier prompts.</param>
/// <param name="pace">How fast it goes.</param>
/// <param name="clock">The time.</param>
internal sealed class DeadlineJudge(SequenceQueue queue, CacheSlot[] slots, IReadOnlyList<GenerationSequence> prefilling, PrefixStore prefixes, DecodingPace pace, GenerationClock clock)
{
    private const long Unknown = -1;

    // A pace that was observed longer ago refuses nobody: whoever is let in shows what it is now.
    private static readonly long _paceLasts = TimeSpan.FromSeconds(30).Ticks;

    private long _nextFreeAt = Unknown;

    /// <summary>Why a sequence that waits cannot be in time; <see langword="null"/> where it can, as far as is known.</summary>
    public RequestRejectedException? FindLate(GenerationSequence sequence)
    {
        var now = clock.Now;
        if (!IsPaceFresh(now)) return null;
        var (own, left) = (NewTokens(sequence), sequence.Deadline - now);
        var predicted = ForecastBehind(sequence).Add(own, AnswerTokensOf(sequence));
        if (predicted <= left) return null;

        // Waiting helps with the queue alone, not with the prompt.
        var canBeMet = pace.Prompt(own, isShared: false) <= sequence.Deadline - sequence.EnqueuedAt;
        return Infeasible(own, predicted, left, canBeMet ? predicted - left : null);
    }

    /// <summary>Why a sequence whose turn it is cannot be in time: the prompt alone takes longer, since what stood before it took longer than was expected. <see langword="null"/> where it can be.</summary>
    public RequestRejectedException? FindHopeless(GenerationSequence sequence)
    {
        var now = clock.Now;
        if (sequence.Deadline == GenerationSequence.NoDeadline || !IsPaceFresh(now)) return null;
        var (own, left) = (NewTokens(sequence), sequence.Deadline - now);
        var predicted = pace.Prompt(own, IsShared);
        if (predicted <= left) return null;
        return Infeasible(own, predicted, left, predicted <= sequence.Deadline - sequence.EnqueuedAt ? ForecastBehind(null).NextFree : null);
    }

    /// <summary>For a sequence whose deadline has passed.</summary>
    public RequestRejectedException TooLate() =>
        new(RejectionReason.DeadlineExceeded, "the deadline passed before the first token; allow more time, or send fewer sequences at once.", IsPaceKnown ? Duration(ForecastBehind(null).NextFree) : null);

    /// <summary>Notes when the next place will be free, for <see cref="UntilNextFree"/>.</summary>
    public void ObserveSlots() => Volatile.Write(ref _nextFreeAt, NextFreeAt());

    /// <summary>When the next place is likely to be free, and the queue has room again; <see langword="null"/> where that is unknown. From any thread.</summary>
    public TimeSpan? UntilNextFree()
    {
        var at = Volatile.Read(ref _nextFreeAt);
        return at == Unknown ? null : Duration(Math.Max(at - clock.Now, TimeSpan.TicksPerMillisecond));
    }

    private bool IsPaceKnown => pace.ObservedAt >= 0;

    /// <summary>Whether sequences are decoded, with which prompts take turns.</summary>
    private bool IsShared
    {
        get
        {
            foreach (var slot in slots)
            {
                if (slot.Owner is { State: SequenceState.Decoding }) return true;
            }

            return false;
        }
    }

    private bool IsPaceFresh(long now) => IsPaceKnown && now - pace.ObservedAt <= _paceLasts;

    /// <summary>What is known of the places, and of those that are served before a sequence, or of all that wait.</summary>
    private SequenceForecast ForecastBehind(GenerationSequence? sequence)
    {
        var prompts = 0.0;
        var free = new double[slots.Length];
        foreach (var slot in slots)
        {
            if (slot.Owner is { State: SequenceState.Decoding } decoding) free[slot.Index] = AnswerTokensOf(decoding) * pace.Step;
        }

        foreach (var sequenceBefore in prefilling)
        {
            prompts += PromptLeft(sequenceBefore);
            free[sequenceBefore.Slot] = prompts + ((AnswerTokensOf(sequenceBefore) - 1) * pace.Step);
        }

        var forecast = new SequenceForecast(pace, free, prompts);
        foreach (var before in queue.Before(sequence)) forecast.Add(NewTokens(before), AnswerTokensOf(before));
        return forecast;
    }

    private long NextFreeAt()
    {
        if (pace.Step == 0) return Unknown;
        var next = double.MaxValue;
        foreach (var slot in slots)
        {
            var ticks = slot.Owner is not { } sequence ? 0 : (AnswerTokensOf(sequence) * pace.Step) + (sequence.State == SequenceState.Prefilling ? PromptLeft(sequence) : 0);
            next = Math.Min(next, ticks);
        }

        return clock.Now + (long)next;
    }

    /// <summary>How long it takes until all tokens that are known are computed: those of the prompt, and those that were forced.</summary>
    private double PromptLeft(GenerationSequence sequence) => pace.Prompt(sequence.Length - slots[sequence.Slot].Count, IsShared);

    /// <summary>Tokens that are still to come: as many as answers have had so far, or one where that is unknown or it has had more.</summary>
    private double AnswerTokensOf(GenerationSequence sequence) => Math.Min(sequence.MaxTokens - sequence.GeneratedCount, Math.Max(1, pace.AnswerTokens - sequence.GeneratedCount));

    /// <summary>Tokens of the prompt that are kept nowhere.</summary>
    private int NewTokens(GenerationSequence sequence)
    {
        if (!sequence.Options.ReusePrefix) return sequence.PromptLength;
        prefixes.Find(sequence.Prompt, out var stored);
        return sequence.PromptLength - Math.Max(stored, SlotPlanner.FindSource(slots, sequence.Prompt).Rows);
    }

    private static RequestRejectedException Infeasible(int newTokens, double predicted, long left, double? retryAfter) => new(
        RejectionReason.DeadlineInfeasible,
        string.Create(CultureInfo.InvariantCulture, $"the first token is expected in {Duration(predicted).TotalSeconds:0.###} s, for {newTokens} tokens to compute and what is before them, and {Duration(left).TotalSeconds:0.###} s are left; allow more time, {(retryAfter is null ? "or shorten the prompt" : "or send fewer sequences at once")}."),
        retryAfter is { } ticks ? Duration(ticks) : null)
    {
        PredictedDuration = Duration(predicted),
    };

    private static TimeSpan Duration(double ticks) => TimeSpan.FromTicks((long)Math.Ceiling(ticks));
}
