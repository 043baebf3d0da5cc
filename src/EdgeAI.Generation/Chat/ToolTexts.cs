using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>
/// Tools in plain words, for templates that know none: what there is, calls as the JSON that <see cref="BareCall"/> reads, and results as messages of the user. Families that were not trained on
/// tools follow it more or less; where a call is required the grammar sees to it.
/// </summary>
internal static class ToolTexts
{
    /// <summary>What the model is told of the tools.</summary>
    /// <param name="tools">Each as a template would get it.</param>
    /// <param name="mustCall">Whether it has to call one.</param>
    public static string Describe(IEnumerable<JsonObject> tools, bool mustCall) =>
        $$$"""
        You can call functions. These are described in JSON, one a line:
        {{{string.Join('\n', tools.Select(tool => tool["function"]!.ToJsonString()))}}}
        To call one, answer with nothing but a JSON object of the form {"name": "the function's name", "arguments": {"an argument's name": "its value"}}. Its result is in the message that follows.
        {{{(mustCall ? "Now call a function." : "Where no function is needed, answer in words.")}}}
        """;

    /// <summary>How a call is written.</summary>
    public static string Call(FunctionCallContent call) => new JsonObject { ["name"] = call.Name, ["arguments"] = ToolCall.ToJson(call.Arguments) }.ToJsonString();

    /// <summary>How a result is written.</summary>
    /// <param name="name">The function; <see langword="null"/> where its call is not part of the conversation.</param>
    /// <param name="result">What it gave.</param>
    public static string Result(string? name, string result) => name is null ? $"The function's result: {result}" : $"The result of {name}: {result}";
}
