using System.Diagnostics;
using System.Text.Json;
using EdgeAI.Benchmarks.Serving;
using EdgeAI.Generation;

namespace EdgeAI.Benchmarks.Generation;

/// <summary>What jump-ahead decoding gains: answers to a schema with long property names, alternating with the same answers token by token.</summary>
internal static class StructuredBenchmark
{
    private const int Tokens = 120;

    private const string Schema = """
        {"type":"object","properties":{
          "customer_identification_number":{"type":"integer","maximum":99999},"preferred_delivery_address":{"type":"string","maxLength":12},"estimated_delivery_time_minutes":{"type":"integer","maximum":999},
          "payment_method_description":{"enum":["card","cash"]},"special_instructions_for_courier":{"type":"string","maxLength":12},"contains_fragile_merchandise":{"type":"boolean"}},
         "required":["customer_identification_number","preferred_delivery_address","estimated_delivery_time_minutes","payment_method_description","special_instructions_for_courier","contains_fragile_merchandise"]}
        """;

    public static async Task RunAsync(Arguments arguments)
    {
        await using var host = await AssistantHost.StartAsync(arguments);
        var chats = arguments.Count("--chats", 1);
        await using var generator = await host.LoadAsync(new TextGeneratorOptions { MaxSequences = chats, ContextLength = 512 });
        using var document = JsonDocument.Parse(Schema);
        var grammar = JsonSchemaGrammar.Compile(document.RootElement, generator.Tokenizer ?? throw new ArgumentException("The model has no tokenizer."));
        var rates = new List<(double Ahead, double Plain)>();
        for (var round = 0; round <= arguments.Count("--rounds", 5); round++)
        {
            var (plain, tokens, _, answers) = await AnswerAsync(generator, grammar, chats, jumpsAhead: false);
            var (ahead, _, forced, same) = await AnswerAsync(generator, grammar, chats, jumpsAhead: true);
            if (answers != same) Console.WriteLine($"round {round}: the answers differ: {same} / {answers}");
            if (round == 0) continue;
            rates.Add((ahead, plain));
            Console.WriteLine($"round {round}: {tokens} tokens, {forced} forced; {plain:F1} tokens/s one by one, {ahead:F1} with jump-ahead ({ahead / plain:F2}x)");
        }

        Console.WriteLine($"{generator.Model.Id}, {chats} at once: {Statistics.Median(rates, rate => rate.Plain):F1} -> {Statistics.Median(rates, rate => rate.Ahead):F1} tokens/s, {Statistics.Median(rates, rate => rate.Ahead / rate.Plain):F2}x");
    }

    private static async Task<(double Rate, int Tokens, int Forced, string Text)> AnswerAsync(ITextGenerator generator, JsonSchemaGrammar grammar, int chats, bool jumpsAhead)
    {
        var started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, chats).Select(chat => Task.Run(async () =>
        {
            var constraint = grammar.CreateConstraint();
            var request = new GenerationRequest(new[] { 100 + chat, 200, 300, 400 })
            {
                Options = new GenerationOptions { MaxTokens = Math.Max(Tokens, constraint.TokensToEnd), ReusePrefix = false, Speculate = false },
                Constraint = jumpsAhead ? constraint : new OneByOne(constraint),
            };
            var answer = generator.Generate(request);
            var text = "";
            await foreach (var token in answer) text += token.Text;
            return (answer.Usage, Text: text);
        })));
        var tokens = answers.Sum(answer => answer.Usage.GeneratedTokens);
        return (tokens / Stopwatch.GetElapsedTime(started).TotalSeconds, tokens, answers.Sum(answer => answer.Usage.ForcedTokens), string.Join('\n', answers.Select(answer => answer.Text)));
    }

    /// <summary>The same masks, but nothing is known to be forced.</summary>
    private sealed class OneByOne(ILookaheadConstraint inner) : ILookaheadConstraint
    {
        public int TokensToEnd => inner.TokensToEnd;

        public bool IsComplete => inner.IsComplete;

        public void FillAllowed(Span<ulong> allowed) => inner.FillAllowed(allowed);

        public void FillAllowed(Span<ulong> allowed, int tokensLeft) => inner.FillAllowed(allowed, tokensLeft);

        public int FillForced(Span<int> tokens, int tokensLeft) => 0;

        public bool TryAccept(int token) => inner.TryAccept(token);
    }
}
