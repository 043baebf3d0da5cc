using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>A call of a function that a model asks for.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">Its arguments, an object.</param>
internal sealed record ToolCall(string Name, JsonElement Arguments)
{
    private const int IdLength = 9;

    public FunctionCallContent ToContent(string callId)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var argument in Arguments.EnumerateObject()) arguments[argument.Name] = argument.Value.ValueKind == JsonValueKind.Null ? null : argument.Value;
        return new FunctionCallContent(callId, Name, arguments);
    }

    /// <summary>An identifier that every family's template takes: Mistral's want nine letters or digits. Derived, so that it is unique in a conversation and repeats with it.</summary>
    /// <param name="responseId">The answer.</param>
    /// <param name="number">Which call of the answer, from 0.</param>
    public static string CreateId(string responseId, int number)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{responseId}/{number}")));
        return Convert.ToHexStringLower(hash)[..IdLength];
    }

    /// <summary>What identifies a call in <see cref="AnswerMemory"/>.</summary>
    public static string KeyOf(FunctionCallContent call) => $"\0{call.Name}\0{ToJson(call.Arguments).ToJsonString()}";

    public static JsonObject ToJson(IDictionary<string, object?>? arguments)
    {
        var json = new JsonObject();
        foreach (var (name, value) in arguments ?? new Dictionary<string, object?>()) json[name] = JsonValues.ToNode(value);
        return json;
    }
}
