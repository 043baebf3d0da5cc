using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>A conversation as chat templates expect it, with every text of it protected by <see cref="PromptMarks"/>. For one conversation.</summary>
/// <param name="marks">Protects.</param>
/// <param name="abilities">What the template does not know is told in other words.</param>
/// <param name="instructions">To say as the system, before what the conversation says as the system; <see langword="null"/> for nothing.</param>
/// <param name="toolText">To say as the system after that, where the template shows no tools; <see langword="null"/> for nothing.</param>
internal sealed class TemplateMessages(PromptMarks marks, TemplateAbilities abilities, string? instructions, string? toolText)
{
    private const string BetweenParts = "\n\n";

    private readonly List<JsonObject> _messages = [];
    private readonly Dictionary<string, string> _namesByCall = new(StringComparer.Ordinal);
    private string _unsaid = "";

    public IReadOnlyList<JsonObject> Messages => _messages;

    /// <summary>What cannot be given to a model of text.</summary>
    public List<string> Problems { get; } = [];

    /// <param name="conversation">The messages.</param>
    /// <param name="recall">The tokens of an answer that was generated here, given its key and whether its thought is kept; <see langword="null"/> to render it.</param>
    public void Add(IReadOnlyList<ChatMessage> conversation, Func<string, bool, ReadOnlyMemory<int>?>? recall)
    {
        // One message: most templates refuse a second one of the system.
        var isFirstSystem = conversation is [{ } first, ..] && IsSystem(first.Role);
        var system = string.Join('\n', new[] { instructions, isFirstSystem ? TextOf(conversation[0], 0) : null }.Where(text => !string.IsNullOrEmpty(text)));
        if (toolText is not null) system = system.Length == 0 ? toolText : system + BetweenParts + toolText;
        if (!abilities.TakesSystem) _unsaid = system;
        else if (system.Length > 0 || isFirstSystem) Add("system", system);
        var rest = isFirstSystem ? 1 : 0;

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

        if (_unsaid.Length > 0) AddAsUser("");
    }

    /// <summary>What identifies an answer in <see cref="AnswerMemory"/>.</summary>
    public static string KeyOf(IEnumerable<AIContent> contents) =>
        string.Concat(contents.Select(content => content switch { TextContent text => text.Text, FunctionCallContent call => ToolCall.KeyOf(call), _ => "" }));

    public static bool IsSystem(ChatRole role) => role == ChatRole.System || role.Value.Equals("developer", StringComparison.OrdinalIgnoreCase);

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
        var added = AddAsUser(TextOf(message, index));
        if (!string.IsNullOrEmpty(message.AuthorName)) added["name"] = marks.Protect(message.AuthorName);
    }

    /// <summary>Says it as the user, behind what must be told the model and could not be as the system.</summary>
    private JsonObject AddAsUser(string text)
    {
        if (_unsaid.Length > 0) text = text.Length == 0 ? _unsaid : _unsaid + BetweenParts + text;
        _unsaid = "";
        return Add("user", text);
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

        if (!abilities.ShowsTools && calls.Length > 0)
        {
            Add("assistant", string.Join('\n', calls.Select(ToolTexts.Call).Prepend(text).Where(part => part.Length > 0)));
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
        var texts = new List<string>();
        foreach (var result in message.Contents.OfType<FunctionResultContent>())
        {
            var text = result is { Result: null, Exception: { } exception } ? $"Error: {exception.Message}" : JsonValues.ToText(result.Result);
            var name = _namesByCall.GetValueOrDefault(result.CallId);
            if (!abilities.ShowsTools)
            {
                texts.Add(ToolTexts.Result(name, text));
                continue;
            }

            var added = Add("tool", text);
            added["tool_call_id"] = marks.Protect(result.CallId);
            if (name is not null) added["name"] = marks.Protect(name);
        }

        // In one message: templates without tools often insist on turns.
        if (texts.Count > 0) AddAsUser(string.Join('\n', texts));

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
