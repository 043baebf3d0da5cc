namespace EdgeAI.Generation;

/// <summary>The reader's side of a sequence.</summary>
internal sealed class SequenceAnswer(GenerationRequest request, ISequenceHost host) : GenerationAnswer
{
    private GenerationSequence? _sequence;

    public override FinishReason? FinishReason => _sequence?.FinishReason;

    public override GenerationUsage Usage => _sequence is { } sequence ? host.UsageOf(sequence) : new GenerationUsage(request.PromptTokens.Length, 0, 0, default, default, default);

    public override IAsyncEnumerator<GeneratedToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var sequence = host.CreateSequence(request);
        if (Interlocked.CompareExchange(ref _sequence, sequence, null) is not null) throw new InvalidOperationException("An answer is enumerated once; ask again for another one.");
        return new SequenceReader(sequence, host, cancellationToken);
    }
}
