using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using EdgeAI.Benchmarks.Serving;
using EdgeAI.Generation;

namespace EdgeAI.Benchmarks.Generation;

/// <summary>What structured output costs a step: the time to fill a mask, the first time (masks are computed) and afterwards (masks are known).</summary>
internal static class GrammarBenchmark
{
    private static readonly (string Name, string Schema)[] _schemas =
    [
        ("any object", """{"type":"object"}"""),
        ("record", """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0,"maximum":150},"email":{"type":"string","format":"email"},"tags":{"type":"array","items":{"enum":["red","green","blue"]}},"address":{"type":"object","properties":{"street":{"type":"string","maxLength":60},"city":{"type":"string"}},"required":["street","city"]}},"required":["name","age","tags","address"]}"""),
        ("tree", """{"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{"value":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/$defs/n"}}},"required":["value","children"]}}}"""),
        ("union", """{"type":"array","items":{"anyOf":[{"type":"object","properties":{"kind":{"const":"text"},"text":{"type":"string"}},"required":["kind","text"]},{"type":"object","properties":{"kind":{"const":"link"},"url":{"type":"string","format":"uri"}},"required":["kind","url"]},{"type":"object","properties":{"kind":{"const":"table"},"rows":{"type":"array","items":{"type":"array","items":{"type":"number"}}}},"required":["kind","rows"]}]}}"""),
        ("pattern", """{"type":"object","properties":{"code":{"type":"string","pattern":"^[A-Z]{2}-\\d{4}$"},"words":{"type":"string","pattern":"^\\w+( \\w+){0,9}$"}},"required":["code","words"]}"""),
    ];

    private static readonly string[] _closing = ["}", "]", "\""];

    public static int Run(Arguments arguments)
    {
        var answers = arguments.Count("--answers", 40);
        var clock = Stopwatch.StartNew();
        var tokenizer = arguments.Text("--tokenizer") is { } folder
            ? TokenizerFiles.TryLoad(folder) ?? throw new ArgumentException($"There is no tokenizer in {folder}.")
            : new SyntheticVocabulary(arguments.Count("--vocabulary", 131_072), seed: 1);
        Console.WriteLine($"{tokenizer.VocabularySize} tokens, made in {clock.ElapsedMilliseconds} ms");
        clock.Restart();
        JsonSchemaGrammar.CompileAnyValue(tokenizer);
        Console.WriteLine($"index of the vocabulary, once for a tokenizer: {clock.ElapsedMilliseconds} ms");
        // Once for the compiler's sake: what is timed below is as in a process that has run for a while.
        foreach (var (_, schema) in _schemas)
        {
            var warmUp = Compile(schema, tokenizer);
            for (var seed = 1; seed <= 5; seed++) Answer(warmUp, tokenizer, seed, budget: seed % 2 == 0 ? 30 : null);
        }

        Console.WriteLine($"{"schema",-12} {"compile ms",10} {"MB",6} | {"masks unknown: steps",20} {"p50 us",8} {"p99 us",8} {"max us",8} | {"known: steps",12} {"p50 us",8} {"p99 us",8} {"max us",8} {"accept p50",10} | {"near the end: steps",19} {"p50 us",8} {"p99 us",8} {"max us",8}");
        foreach (var (name, schema) in _schemas)
        {
            GC.Collect();
            var memory = GC.GetTotalMemory(forceFullCollection: true);
            clock.Restart();
            var grammar = Compile(schema, tokenizer);
            var compile = clock.Elapsed.TotalMilliseconds;
            var (cold, known, near) = (new List<double>(), new List<double>(), new List<double>());
            var accepts = new List<double>();
            for (var seed = 1; seed <= answers; seed++) cold.AddRange(Answer(grammar, tokenizer, seed).Fill);
            memory = GC.GetTotalMemory(forceFullCollection: true) - memory;
            for (var seed = 1; seed <= answers; seed++)
            {
                var (fill, accept) = Answer(grammar, tokenizer, seed);
                known.AddRange(fill);
                accepts.AddRange(accept);
            }

            for (var seed = 1; seed <= answers; seed++) near.AddRange(Answer(grammar, tokenizer, seed, budget: 30).Fill);
            Console.WriteLine($"{name,-12} {compile,10:F2} {memory / 1048576.0,6:F1} | {cold.Count,20} {Percentiles(cold)} | {known.Count,12} {Percentiles(known)} {Statistics.Percentile(accepts, 50),10:F2} | {near.Count,19} {Percentiles(near)}");
            GC.KeepAlive(grammar);
        }

        return 0;
    }

    private static JsonSchemaGrammar Compile(string schema, ITokenizer tokenizer)
    {
        using var document = JsonDocument.Parse(schema);
        return JsonSchemaGrammar.Compile(document.RootElement, tokenizer);
    }

    private static string Percentiles(List<double> values) => $"{Statistics.Percentile(values, 50),8:F1} {Statistics.Percentile(values, 99),8:F1} {Statistics.Percentile(values, 100),8:F1}";

    /// <summary>An answer of random allowed tokens that soon comes to its end, or must within so many tokens more than are enough.</summary>
    private static (List<double> Fill, List<double> Accept) Answer(JsonSchemaGrammar grammar, ITokenizer tokenizer, int seed, int? budget = null)
    {
        var random = new Random(seed);
        var constraint = grammar.CreateConstraint();
        var mask = new ulong[(tokenizer.VocabularySize + 63) / 64];
        var closing = _closing.Select(text => tokenizer.Encode(text, addSpecialTokens: false)[0]).ToArray();
        var (fills, accepts) = (new List<double>(), new List<double>());
        var left = budget + constraint.TokensToEnd;
        for (var step = 0; step < 2000 && !constraint.IsComplete && left != 0; step++)
        {
            var begin = Stopwatch.GetTimestamp();
            if (left is { } tokens) constraint.FillAllowed(mask, tokens);
            else constraint.FillAllowed(mask);
            left--;
            fills.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
            var token = Choose(mask, random, closing, closeAll: step > 100);
            begin = Stopwatch.GetTimestamp();
            if (!constraint.TryAccept(token)) throw new WrongAnswerException($"Token {token} was marked but is not accepted.");
            accepts.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
        }

        return (fills, accepts);
    }

    private static int Choose(ulong[] mask, Random random, int[] closing, bool closeAll)
    {
        foreach (var token in closeAll ? closing : closing[^1..])
        {
            if ((mask[token >> 6] >> token & 1) != 0 && (closeAll || random.Next(6) == 0)) return token;
        }

        var skip = random.Next(mask.Sum(word => BitOperations.PopCount(word)));
        for (var index = 0; ; index++)
        {
            var count = BitOperations.PopCount(mask[index]);
            if (skip >= count)
            {
                skip -= count;
                continue;
            }

            var word = mask[index];
            for (; skip > 0; skip--) word &= word - 1;
            return index * 64 + BitOperations.TrailingZeroCount(word);
        }
    }
}
