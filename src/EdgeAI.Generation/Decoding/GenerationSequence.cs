using System.Diagnostics.CodeAnalysis;

namespace EdgeAI.Generation;

/// <summary>One request on its way. The worker alone changes it; readers see the volatile parts and the counts, which are whole numbers.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A token source without a timer whose wait handle is never asked for holds nothing to dispose.")]
internal sealed class GenerationSequence
{
    public const long NoDeadline = long.MaxValue;

    private const long NotYet = -1;

    private readonly int[] _tokens;
    private readonly CancellationTokenSource _cancellation = new();
    private volatile bool _isCancelled;
    private long _placedAt = NotYet;
    private long _firstTokenAt = NotYet;

    /// <param name="request">Checked before.</param>
    /// <param name="sampler">Chooses its tokens.</param>
    /// <param name="capacity">Tokens of prompt and answer together at most.</param>
    /// <param name="enqueuedAt">When it was called for, in ticks of the worker's clock.</param>
    /// <param name="defaultDeadline">Where the request has none.</param>
    public GenerationSequence(GenerationRequest request, TokenSampler sampler, int capacity, long enqueuedAt, TimeSpan? defaultDeadline = null)
    {
        Request = request;
        Lookahead = request.Constraint as ILookaheadConstraint;
        Sampler = sampler;
        EnqueuedAt = enqueuedAt;
        PromptLength = request.PromptTokens.Length;
        MaxTokens = Math.Min(request.Options.MaxTokens ?? int.MaxValue, capacity - PromptLength);
        Deadline = (request.Deadline ?? defaultDeadline) is { } deadline ? enqueuedAt + deadline.Ticks : NoDeadline;
        _tokens = new int[PromptLength + MaxTokens];
        request.PromptTokens.Span.CopyTo(_tokens);
        Length = PromptLength;
    }

    public GenerationRequest Request { get; }

    public GenerationOptions Options => Request.Options;

    /// <summary>The request's constraint where it knows what is to come.</summary>
    public ILookaheadConstraint? Lookahead { get; }

    public TokenSampler Sampler { get; }

    /// <summary>Watches for stop sequences; <see langword="null"/> where there are none.</summary>
    public AnswerText? Stops { get; init; }

    /// <summary>Guesses what comes next; <see langword="null"/> until it is first asked.</summary>
    public SequenceSpeculation? Speculation { get; set; }

    public TokenPipe Pipe { get; } = new();

    public int PromptLength { get; }

    /// <summary>Tokens of the answer at most.</summary>
    public int MaxTokens { get; }

    public long EnqueuedAt { get; }

    /// <summary>When the first token must have come, in ticks.</summary>
    public long Deadline { get; }

    /// <summary>Whether it has been looked at whether the deadline can be met. The queue's.</summary>
    public bool IsJudged { get; set; }

    public SequenceState State { get; set; }

    /// <summary>Where it is computed; meaningful while it is prefilling or decoding.</summary>
    public int Slot { get; set; }

    /// <summary>Tokens of prompt and answer.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Length);

    public ReadOnlySpan<int> Prompt => _tokens.AsSpan(0, PromptLength);

    public int GeneratedCount => Length - PromptLength;

    /// <summary>Tokens of the answer that may still come.</summary>
    public int TokensLeft => MaxTokens - GeneratedCount;

    public int CachedTokens { get; set; }

    public int DraftedTokens { get; set; }

    public int AcceptedTokens { get; set; }

    public int ForcedTokens { get; set; }

    /// <summary>When it got a slot; negative before.</summary>
    public long PlacedAt
    {
        get => Volatile.Read(ref _placedAt);
        set => Volatile.Write(ref _placedAt, value);
    }

    public bool HasFirstToken => Volatile.Read(ref _firstTokenAt) != NotYet;

    public long LastTokenAt { get; private set; }

    public FinishReason? FinishReason { get; set; }

    public bool IsCancelled => _isCancelled;

    /// <summary>Cancelled with the sequence: stops a long run.</summary>
    public CancellationToken CancellationToken => _cancellation.Token;

    /// <summary>What the reader is told where the engine gave it up; <see langword="null"/> where the reader did.</summary>
    public Exception? CancellationReason { get; private set; }

    /// <summary>Gives it up, within one step. From any thread.</summary>
    public void Cancel(Exception? reason = null)
    {
        if (_isCancelled) return;
        CancellationReason = reason;
        _isCancelled = true;
        _cancellation.Cancel();
    }

    public void Append(int token, long now)
    {
        _tokens[Length++] = token;
        LastTokenAt = now;
        if (_firstTokenAt == NotYet) Volatile.Write(ref _firstTokenAt, now);
    }

    /// <summary>What it took, so far. From any thread.</summary>
    public GenerationUsage Usage(long now)
    {
        var (placed, first) = (PlacedAt, Volatile.Read(ref _firstTokenAt));
        return new(
            PromptLength,
            CachedTokens,
            GeneratedCount,
            TimeSpan.FromTicks((placed == NotYet ? now : placed) - EnqueuedAt),
            TimeSpan.FromTicks(first == NotYet ? 0 : first - EnqueuedAt),
            TimeSpan.FromTicks(first == NotYet ? 0 : LastTokenAt - EnqueuedAt),
            DraftedTokens,
            AcceptedTokens,
            ForcedTokens);
    }
}
