using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>A conversation as chat templates expect it, with every text of it protected by <see cref="PromptMarks"/>.</summary>
internal sealed class TemplateMessages(PromptMarks marks)
{
    private readonly List<JsonObject> _messages = [];
    private readonly Dictionary<string, string> _namesByCall = new(StringComparer.Ordinal);

    public IReadOnlyList<JsonObject> Messages => _messages;

    /// <summary>What cannot be given to a model of text.</summary>
    public List<string> Problems { get; } = [];

    /// <param name="conversation">The messages.</param>
    /// <param name="instructions">More to say as the system; <see langword="null"/> for nothing.</param>
    /// <param name="recall">The tokens of an answer that was generated here, given its key and whether its thought is kept; <see langword="null"/> to render it.</param>
    public void Add(IReadOnlyList<ChatMessage> conversation, string? instructions, Func<string, bool, ReadOnlyMemory<int>?>? recall)
    {
        var rest = 0;
        if (!string.IsNullOrEmpty(instructions))
        {
            // One message: most templates refuse a second one of the system.
            if (conversation is [{ } first, ..] && IsSystem(first.Role))
            {
                instructions = $"{instructions}\n{TextOf(first, 0)}";
                rest = 1;
            }

            Add("system", instructions);
        }

        var lastQuestion = conversation.Count - 1;
        while (lastQuestion >= 0 && conversation[lastQuestion].Role != ChatRole.User) lastQuestion--;
        for (var i = rest; i < conversation.Count; i++)
        {
            var message = conversation[i];
            if (message.Role == ChatRole.Assistant) AddAssistant(message, i, recall, keepReasoning: i > lastQuestion);
            else if (message.Role == ChatRole.Tool) AddResults(message, i);
            else if (message.Role == ChatRole.User) AddUser(message, i);
            else if (IsSystem(message.Role)) Add("system", TextOf(message, i));
            else Problems.Add($"message {i} has the role '{message.Role}'; system, user, assistant and tool are known");
        }
    }

    /// <summary>What identifies an answer in <see cref="AnswerMemory"/>.</summary>
    public static string KeyOf(IEnumerable<AIContent> contents) =>
        string.Concat(contents.Select(content => content switch { TextContent text => text.Text, FunctionCallContent call => ToolCall.KeyOf(call), _ => "" }));

    private static bool IsSystem(ChatRole role) => role == ChatRole.System || role.Value.Equals("developer", StringComparison.OrdinalIgnoreCase);

    private JsonObject Add(string role, string content)
    {
        var message = new JsonObject { ["role"] = role, ["content"] = marks.Protect(content) };
        _messages.Add(message);
        return message;
    }

    private void AddUser(ChatMessage message, int index)
    {
        AddResults(message, index);
        if (message.Contents.Count > 0 && message.Contents.All(content => content is FunctionResultContent)) return;
        var added = Add("user", TextOf(message, index));
        if (!string.IsNullOrEmpty(message.AuthorName)) added["name"] = marks.Protect(message.AuthorName);
    }

    private void AddAssistant(ChatMessage message, int index, Func<string, bool, ReadOnlyMemory<int>?>? recall, bool keepReasoning)
    {
        var calls = message.Contents.OfType<FunctionCallContent>().ToArray();
        foreach (var call in calls) _namesByCall[call.CallId] = call.Name;
        var text = TextOf(message, index);
        if (recall?.Invoke(KeyOf(message.Contents), keepReasoning) is { } tokens)
        {
            _messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = marks.Add(tokens) });
            return;
        }

        var added = Add("assistant", text);
        var reasoning = string.Concat(message.Contents.OfType<TextReasoningContent>().Select(content => content.Text));
        if (reasoning.Length > 0) added["reasoning_content"] = marks.Protect(reasoning);
        if (calls.Length > 0) added["tool_calls"] = new JsonArray([.. calls.Select(ToTemplate)]);
    }

    private JsonObject ToTemplate(FunctionCallContent call) => new()
    {
        ["id"] = marks.Protect(call.CallId),
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = marks.Protect(call.Name), ["arguments"] = marks.Protect(ToolCall.ToJson(call.Arguments)) },
    };

    private void AddResults(ChatMessage message, int index)
    {
        foreach (var result in message.Contents.OfType<FunctionResultContent>())
        {
            var added = Add("tool", result is { Result: null, Exception: { } exception } ? $"Error: {exception.Message}" : JsonValues.ToText(result.Result));
            added["tool_call_id"] = marks.Protect(result.CallId);
            if (_namesByCall.TryGetValue(result.CallId, out var name)) added["name"] = marks.Protect(name);
        }

        if (message.Role == ChatRole.Tool) _ = TextOf(message, index);
    }

    /// <summary>The message's text; notes what else it has that a model of text cannot read.</summary>
    private string TextOf(ChatMessage message, int index)
    {
        foreach (var content in message.Contents)
        {
            var known = content switch
            {
                TextContent or UsageContent => true,
                TextReasoningContent or FunctionCallContent => message.Role == ChatRole.Assistant,
                FunctionResultContent => message.Role == ChatRole.Tool || message.Role == ChatRole.User,
                _ => false,
            };
            if (!known) Problems.Add($"message {index}, of the {message.Role.Value}, has a {content.GetType().Name}, which a model of text cannot take there");
        }

        return message.Text;
    }
}
