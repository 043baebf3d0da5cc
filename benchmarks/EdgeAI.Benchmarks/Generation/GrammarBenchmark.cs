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
        Console.WriteLine($"{"schema",-12} {"compile ms",10} | {"first answer: steps",19} {"p50 us",8} {"p99 us",8} {"max us",8} | {"then: steps",11} {"p50 us",8} {"p99 us",8} {"max us",8} {"accept p50",10}");
        foreach (var (name, schema) in _schemas)
        {
            using var document = JsonDocument.Parse(schema);
            clock.Restart();
            var grammar = JsonSchemaGrammar.Compile(document.RootElement, tokenizer);
            var compile = clock.Elapsed.TotalMilliseconds;
            var (first, _) = Answer(grammar, tokenizer, seed: 0);
            var fills = new List<double>();
            var accepts = new List<double>();
            for (var seed = 1; seed <= answers; seed++) Answer(grammar, tokenizer, seed);
            for (var seed = 1; seed <= answers; seed++)
            {
                var (fill, accept) = Answer(grammar, tokenizer, seed);
                fills.AddRange(fill);
                accepts.AddRange(accept);
            }

            Console.WriteLine($"{name,-12} {compile,10:F2} | {first.Count,19} {Percentiles(first)} | {fills.Count,11} {Percentiles(fills)} {Statistics.Percentile(accepts, 50),10:F2}");
        }

        return 0;
    }

    private static string Percentiles(List<double> values) => $"{Statistics.Percentile(values, 50),8:F1} {Statistics.Percentile(values, 99),8:F1} {Statistics.Percentile(values, 100),8:F1}";

    /// <summary>An answer of random allowed tokens that soon comes to its end.</summary>
    private static (List<double> Fill, List<double> Accept) Answer(JsonSchemaGrammar grammar, ITokenizer tokenizer, int seed)
    {
        var random = new Random(seed);
        var constraint = grammar.CreateConstraint();
        var mask = new ulong[(tokenizer.VocabularySize + 63) / 64];
        var closing = new[] { "}", "]", "\"" }.Select(text => tokenizer.Encode(text, addSpecialTokens: false)[0]).ToArray();
        var (fills, accepts) = (new List<double>(), new List<double>());
        for (var step = 0; step < 2000 && !constraint.IsComplete; step++)
        {
            var begin = Stopwatch.GetTimestamp();
            constraint.FillAllowed(mask);
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
