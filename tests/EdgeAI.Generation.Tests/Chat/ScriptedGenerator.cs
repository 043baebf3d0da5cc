using System.Text;

namespace EdgeAI.Generation.Tests.Chat;

/// <summary>Gives answers that the test wrote, token by token, and keeps the requests.</summary>
internal sealed class ScriptedGenerator(LetterTokenizer tokenizer, IChatTemplate? template, params int[][] answers) : ITextGenerator
{
    private int _next;

    public List<GenerationRequest> Requests { get; } = [];

    public FinishReason FinishReason { get; init; } = FinishReason.EndToken;

    /// <summary>Called before each token with its number.</summary>
    public Action<int>? BeforeToken { get; init; }

    public bool WasDisposed { get; private set; }

    /// <summary>Enumerators that were disposed: sequences that were given back.</summary>
    public int Ended { get; private set; }

    public GenerationModelInfo Model { get; } = new() { Id = "scripted", Family = "test", VocabularySize = tokenizer.VocabularySize, ContextLength = 4096, EndTokens = tokenizer.EndTokens, MaxSequences = 1 };

    public ITokenizer? Tokenizer => tokenizer;

    public IChatTemplate? ChatTemplate => template;

    /// <summary>A prompt's text, special tokens included.</summary>
    public string PromptText(int request) => tokenizer.Decode(Requests[request].PromptTokens.Span);

    public GenerationAnswer Generate(GenerationRequest request)
    {
        Requests.Add(request);
        return new Answer(this, request, answers[_next++]);
    }

    public void Dispose() => WasDisposed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Answer(ScriptedGenerator owner, GenerationRequest request, int[] tokens) : GenerationAnswer
    {
        private int _given;
        private FinishReason? _reason;

        public override FinishReason? FinishReason => _reason;

        public override GenerationUsage Usage => new(request.PromptTokens.Length, 3, _given, TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        public override async IAsyncEnumerator<GeneratedToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            var decoder = Encoding.UTF8.GetDecoder();
            try
            {
                foreach (var token in tokens)
                {
                    await Task.Yield();
                    owner.BeforeToken?.Invoke(_given);
                    cancellationToken.ThrowIfCancellationRequested();
                    _given++;
                    yield return new GeneratedToken(token, TextOf(decoder, owner.Tokenizer!.GetBytes(token)));
                }

                _reason = owner.FinishReason;
            }
            finally
            {
                owner.Ended++;
            }
        }

        private static string TextOf(Decoder decoder, ReadOnlySpan<byte> bytes)
        {
            var characters = new char[bytes.Length + 1];
            return new string(characters, 0, decoder.GetChars(bytes, characters, flush: false));
        }
    }
}
