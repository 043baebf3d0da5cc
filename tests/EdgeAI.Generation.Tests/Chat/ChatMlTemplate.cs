using System.Text;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Chat;

/// <summary>ChatML with tools as Qwen writes it; thoughts of earlier turns are left out.</summary>
internal sealed class ChatMlTemplate : IChatTemplate
{
    /// <summary>What the assistant's turn opens with.</summary>
    public string Opening { get; init; } = "";

    /// <summary>Refuses answers that hold neither letters of an answer nor calls where one was made, as strict templates do.</summary>
    public bool RequiresCallsBeforeResults { get; init; }

    public IReadOnlyList<JsonObject> LastMessages { get; private set; } = [];

    public IReadOnlyList<JsonObject>? LastTools { get; private set; }

    public JsonObject? LastVariables { get; private set; }

    public string Render(IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject>? tools = null, bool addGenerationPrompt = true, JsonObject? variables = null)
    {
        (LastMessages, LastTools, LastVariables) = (messages, tools, variables);
        var text = new StringBuilder();
        if (tools is not null) text.Append("<|im_start|>tools\n").AppendJoin('\n', tools.Select(tool => tool.ToJsonString())).Append("<|im_end|>\n");
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            if (RequiresCallsBeforeResults && (string?)message["role"] == "tool" && messages[i - 1]["tool_calls"] is null) throw new ChatTemplateException("a result without a call");
            text.Append($"<|im_start|>{message["role"]}\n");
            if (message["reasoning_content"] is { } thought && messages.Skip(i).All(later => (string?)later["role"] != "user")) text.Append($"<think>\n{thought}\n</think>\n\n");
            text.Append(((string)message["content"]!).Trim());
            foreach (var call in message["tool_calls"]?.AsArray() ?? []) text.Append($"<tool_call>{call!["function"]!.ToJsonString()}</tool_call>");
            text.Append("<|im_end|>\n");
        }

        return addGenerationPrompt ? text.Append("<|im_start|>assistant\n").Append(Opening).ToString() : text.ToString();
    }
}
