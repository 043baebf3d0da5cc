using EdgeAI.Generation;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Cli.Tests.Generate;

/// <summary>A generator whose answers are given, and take given times.</summary>
internal sealed class ScriptedGenerator(FakeTimeProvider time, params ScriptedGenerator.Answer[] answers) : ITextGenerator
{
    public List<GenerationRequest> Requests { get; } = [];

    public GenerationModelInfo Model { get; } = new() { Id = "scripted", Family = "llama", VocabularySize = 100, ContextLength = 64, EndTokens = [2], MaxSequences = 1 };

    public ITokenizer? Tokenizer { get; init; }

    public IChatTemplate? ChatTemplate => null;

    public GenerationAnswer Generate(GenerationRequest request)
    {
        Requests.Add(request);
        return new ScriptedAnswer(time, answers[Requests.Count - 1]);
    }

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Its tokens, how long the first takes and each further one, and why it ends.</summary>
    internal sealed record Answer(int[] Tokens, double FirstMs, double NextMs, FinishReason Finish = FinishReason.Length);

    private sealed class ScriptedAnswer(FakeTimeProvider time, Answer answer) : GenerationAnswer
    {
        private FinishReason? _finish;

        public override FinishReason? FinishReason => _finish;

        public override GenerationUsage Usage => throw new NotSupportedException();

        public override async IAsyncEnumerator<GeneratedToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            for (var i = 0; i < answer.Tokens.Length; i++)
            {
                await Task.Yield();
                time.Advance(TimeSpan.FromMilliseconds(i == 0 ? answer.FirstMs : answer.NextMs));
                yield return new GeneratedToken(answer.Tokens[i], $"<{answer.Tokens[i]}>");
            }

            _finish = answer.Finish;
        }
    }
}
