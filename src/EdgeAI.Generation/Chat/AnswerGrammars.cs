using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>Constraints that answers are held to: a JSON schema, or calls of functions. Compiled schemas are kept, for the same ones come again and again. Thread-safe.</summary>
internal sealed class AnswerGrammars(ITokenizer tokenizer)
{
    private const int Kept = 64;

    private readonly Dictionary<string, JsonSchemaGrammar> _compiled = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>A constraint for one answer; <see langword="null"/> where everything is allowed.</summary>
    /// <exception cref="GrammarException">A schema is wrong or holds what cannot be enforced.</exception>
    public ITokenConstraint? CreateConstraint(ChatOptionsMapping options)
    {
        if (SchemaOf(options) is not { } schema) return null;
        lock (_gate)
        {
            if (_compiled.TryGetValue(schema, out var known)) return known.CreateConstraint();
        }

        var grammar = JsonSchemaGrammar.Compile(JsonNode.Parse(schema)!, tokenizer);
        lock (_gate)
        {
            if (_compiled.Count >= Kept) _compiled.Clear();
            _compiled[schema] = grammar;
        }

        return grammar.CreateConstraint();
    }

    private static string? SchemaOf(ChatOptionsMapping options)
    {
        if (options.Json is null && !options.MustCall) return null;
        if (options.Json is { Schema: var only } && options.Tools.Count == 0) return only is { } given ? given.GetRawText() : """{"type":"object"}""";

        // One of the calls, or the answer where that may come too.
        var choices = new JsonArray();
        foreach (var tool in options.Callable) choices.Add((JsonNode)CallOf(tool, $"/anyOf/{choices.Count}/properties/arguments"));
        if (options.Json is { } json && !options.MustCall)
        {
            choices.Add(json.Schema is { } schema ? Embed(JsonValues.FromElement(schema), $"/anyOf/{choices.Count}") : new JsonObject { ["type"] = "object" });
        }

        return new JsonObject { ["anyOf"] = choices }.ToJsonString();
    }

    private static JsonObject CallOf(AIFunctionDeclaration tool, string pointer) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["name"] = new JsonObject { ["const"] = tool.Name }, ["arguments"] = Embed(JsonValues.FromElement(tool.JsonSchema), pointer) },
        ["required"] = new JsonArray("name", "arguments"),
        ["additionalProperties"] = false,
    };

    /// <summary>A schema at another place of a document: its references into itself find their targets there.</summary>
    private static JsonNode? Embed(JsonNode? schema, string pointer) => schema switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(
            member.Key,
            member.Key == "$ref" && member.Value is JsonValue value && value.TryGetValue<string>(out var target) && target.StartsWith('#') ? JsonValue.Create($"#{pointer}{target[1..]}") : Embed(member.Value, pointer)))),
        JsonArray items => new JsonArray([.. items.Select(item => Embed(item, pointer))]),
        _ => schema?.DeepClone(),
    };
}
