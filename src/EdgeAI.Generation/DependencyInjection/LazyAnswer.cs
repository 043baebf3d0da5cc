namespace EdgeAI.Generation;

/// <summary>The answer of a model that has to be loaded first: enumerating loads it, and then checks the request.</summary>
internal sealed class LazyAnswer(LazyTextGenerator generator, GenerationRequest request) : GenerationAnswer
{
    private GenerationAnswer? _answer;

    public override FinishReason? FinishReason => _answer?.FinishReason;

    public override GenerationUsage Usage => _answer?.Usage ?? new GenerationUsage(request.PromptTokens.Length, 0, 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    public override async IAsyncEnumerator<GeneratedToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var loaded = await generator.LoadAsync(cancellationToken).ConfigureAwait(false);
        _answer = loaded.Generate(request);
        await foreach (var token in _answer.WithCancellation(cancellationToken).ConfigureAwait(false)) yield return token;
    }
}
