using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>Values of any type as JSON, without reflection of our own.</summary>
internal static class JsonValues
{
    // What a model reads: letters of any script as they are.
    private static readonly JsonSerializerOptions _readable = new(AIJsonUtilities.DefaultOptions) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = false };

    /// <summary>A tree that nobody else holds.</summary>
    /// <exception cref="NotSupportedException">The type is not one that the serialiser knows.</exception>
    public static JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        JsonElement element => FromElement(element),
        _ => JsonSerializer.SerializeToNode(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType())),
    };

    /// <summary>The text that a model reads: texts as they are, all else as JSON.</summary>
    public static string ToText(object? value) => value switch
    {
        null => "null",
        string text => text,
        TextContent content => content.Text,
        IEnumerable<AIContent> contents => string.Join('\n', contents.Select(ToText)),
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement element => element.GetRawText(),
        JsonNode node => node.ToJsonString(_readable),
        _ => JsonSerializer.Serialize(value, _readable.GetTypeInfo(value.GetType())),
    };

    public static JsonNode? FromElement(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element.Clone()),
        JsonValueKind.Array => JsonArray.Create(element.Clone()),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element.Clone()),
    };
}
