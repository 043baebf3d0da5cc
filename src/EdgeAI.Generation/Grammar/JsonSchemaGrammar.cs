using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>
/// Answers in JSON that fit a schema, for one tokenizer. The schema becomes an automaton over bytes with a stack, and each step a mask over the vocabulary (Dong
/// et al. 2024, XGrammar). Immutable and thread-safe: compile once, create a constraint for each answer.
/// </summary>
/// <remarks>
/// <para>White space: one space may follow each colon and each comma, nothing else, so an answer cannot ramble. Properties come in the schema's order; those that
/// are not required may be left out. Numbers have 18 digits before and 15 after the point at most, or as many as their bounds, and exponents two.
/// Strings are valid UTF-8, with surrogates in pairs only. Strings and arrays whose schema sets no greatest length are bounded by the request's tokens alone.</para>
/// <para>Stricter than JSON Schema: where <c>properties</c> are named others may follow only if <c>additionalProperties</c> says so; keywords about one type
/// mean that type where none is named; formats are enforced. Looser: <c>oneOf</c> is read as <c>anyOf</c>, and names that are not in the schema may repeat.
/// What cannot be enforced is refused.</para>
/// </remarks>
public sealed class JsonSchemaGrammar
{
    private static readonly JsonElement _any = Parse("true");
    private static readonly JsonElement _object = Parse("""{"type":"object"}""");

    private readonly CompiledGrammar _compiled;

    private JsonSchemaGrammar(CompiledGrammar compiled)
    {
        _compiled = compiled;
    }

    /// <summary>Compiles a schema: a subset of JSON Schema 2020-12.</summary>
    /// <param name="schema">An object, <c>true</c> or <c>false</c>.</param>
    /// <param name="tokenizer">The model's tokenizer. What is made of its vocabulary is kept as long as it lives.</param>
    /// <param name="options">Bounds; <see langword="null"/> for the defaults.</param>
    /// <exception cref="GrammarException">The schema is wrong, not supported, too large or fits nothing, or the vocabulary lacks tokens that it needs.</exception>
    public static JsonSchemaGrammar Compile(JsonElement schema, ITokenizer tokenizer, JsonGrammarOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var depth = (options ?? new JsonGrammarOptions()).MaxDepth;
        if (depth is < 1 or > 512) throw new ArgumentOutOfRangeException(nameof(options), depth, "MaxDepth must be 1 to 512.");
        var vocabulary = TokenVocabulary.For(tokenizer);
        var builder = new AutomatonBuilder(GrammarLimits.States);
        var root = CompileRules(schema, builder);
        return new JsonSchemaGrammar(new CompiledGrammar(builder.Build(root, vocabulary.Available, depth), vocabulary));
    }

    /// <summary>Compiles a schema with the default bounds: a subset of JSON Schema 2020-12.</summary>
    /// <param name="schema">An object, <c>true</c> or <c>false</c>.</param>
    /// <param name="tokenizer">The model's tokenizer. What is made of its vocabulary is kept as long as it lives.</param>
    /// <exception cref="GrammarException">As for a <see cref="JsonElement"/>.</exception>
    public static JsonSchemaGrammar Compile(JsonNode schema, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return Compile(Parse(schema.ToJsonString()), tokenizer);
    }

    /// <summary>Answers that are any JSON value.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="options">Bounds; <see langword="null"/> for the defaults.</param>
    /// <exception cref="GrammarException">The vocabulary lacks tokens of single bytes.</exception>
    public static JsonSchemaGrammar CompileAnyValue(ITokenizer tokenizer, JsonGrammarOptions? options = null) => Compile(_any, tokenizer, options);

    /// <summary>Answers that are any JSON object.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="options">Bounds; <see langword="null"/> for the defaults.</param>
    /// <exception cref="GrammarException">The vocabulary lacks tokens of single bytes.</exception>
    public static JsonSchemaGrammar CompileAnyObject(ITokenizer tokenizer, JsonGrammarOptions? options = null) => Compile(_object, tokenizer, options);

    /// <summary>A constraint for one answer, which begins empty. Used by one thread at a time.</summary>
    public ILookaheadConstraint CreateConstraint() => new GrammarConstraint(_compiled);

    private static int[] CompileRules(JsonElement schema, AutomatonBuilder builder)
    {
        try
        {
            return SchemaCompiler.Compile(schema, builder);
        }
        catch (InvalidOperationException error)
        {
            // What System.Text.Json says about lone surrogates in names and strings.
            throw new GrammarException(GrammarErrorReason.Invalid, $"The schema cannot be read: {error.Message}");
        }
    }

    private static JsonElement Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new GrammarException(GrammarErrorReason.Invalid, $"The schema cannot be read: {error.Message}");
        }
    }
}
