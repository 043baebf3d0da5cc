using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>Renders a conversation as the text that a model was trained on. Immutable and thread-safe.</summary>
public interface IChatTemplate
{
    /// <summary>Renders.</summary>
    /// <param name="messages">Objects with <c>role</c> and <c>content</c>, and where they apply <c>tool_calls</c>, <c>name</c> and <c>tool_call_id</c>, as Hugging Face's templates expect them.</param>
    /// <param name="tools">Tools as objects of the form <c>{"type":"function","function":{"name","description","parameters"}}</c>; <see langword="null"/> for none.</param>
    /// <param name="addGenerationPrompt">Whether the begin of the assistant's answer is added.</param>
    /// <param name="variables">More variables for the template, such as <c>enable_thinking</c>.</param>
    /// <returns>The text, whose special tokens are to be parsed by the tokenizer, without adding others.</returns>
    /// <exception cref="ChatTemplateException">The template refuses the conversation, or is not one that we can run.</exception>
    string Render(IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject>? tools = null, bool addGenerationPrompt = true, JsonObject? variables = null);
}
