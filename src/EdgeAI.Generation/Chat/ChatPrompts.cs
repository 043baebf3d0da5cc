using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>Makes prompts of conversations, in the form that a model's template gives them. Thread-safe.</summary>
internal sealed partial class ChatPrompts
{
    private readonly ITokenizer _tokenizer;
    private readonly IChatTemplate _template;
    private readonly string? _systemPrompt;
    private readonly SpecialTexts _protected;
    private readonly TemplateAbilities _abilities;

    /// <param name="tokenizer">The model's.</param>
    /// <param name="template">The model's.</param>
    /// <param name="systemPrompt">Said as the system where a conversation has no message of it; <see langword="null"/> for nothing.</param>
    public ChatPrompts(ITokenizer tokenizer, IChatTemplate template, string? systemPrompt)
    {
        _tokenizer = tokenizer;
        _template = template;
        _systemPrompt = systemPrompt;
        _protected = new SpecialTexts(tokenizer, PromptMarks.Begin);
        _abilities = TemplateAbilities.Of(template);
    }

    /// <summary>The prompt of a conversation.</summary>
    /// <param name="conversation">The messages.</param>
    /// <param name="options">What is wanted of the answer.</param>
    /// <param name="recall">The tokens of an answer that was generated here, given its key and whether its thought is kept; <see langword="null"/> to render it.</param>
    /// <exception cref="InvalidInputException">A message holds what a model of text cannot read, or an option cannot be followed: names every problem.</exception>
    /// <exception cref="ChatTemplateException">The template refuses the conversation.</exception>
    public ChatPrompt Create(IReadOnlyList<ChatMessage> conversation, ChatOptionsMapping options, Func<string, bool, ReadOnlyMemory<int>?>? recall)
    {
        var marks = new PromptMarks(_tokenizer, _protected);
        var tools = options.Tools.Count == 0 ? null : options.Tools.Select(Describe).ToArray();
        var toolText = tools is null || _abilities.ShowsTools ? null : ToolTexts.Describe(tools, options.MustCall);
        var messages = new TemplateMessages(marks, _abilities, InstructionsOf(conversation, options), toolText);
        messages.Add(conversation, recall);
        List<string> problems = [.. options.Problems, .. messages.Problems];
        if (messages.Messages.Count == 0) problems.Add("there are no messages");
        if (problems.Count > 0) throw new InvalidInputException(problems);

        var shown = tools is null || toolText is not null ? null : tools.Select(tool => Protect(tool, marks)).ToArray();
        var text = _template.Render(messages.Messages, shown, addGenerationPrompt: true, options.Variables);
        var opening = OpenedThought().Match(text).Value;
        var open = opening.Length > 0 && !opening.Contains(AnswerSyntax.ReasoningEnd, StringComparison.Ordinal);
        if (open && (options.MustCall || options.Json is not null))
        {
            // What is constrained has no room for a thought: close it.
            const string Close = "\n" + AnswerSyntax.ReasoningEnd + "\n\n";
            text += Close;
            opening += Close;
            open = false;
        }

        return new ChatPrompt(marks.Encode(text), opening, open);
    }

    /// <summary>The system prompt before a call's own instructions, so that what all conversations share comes first.</summary>
    private string? InstructionsOf(IReadOnlyList<ChatMessage> conversation, ChatOptionsMapping options)
    {
        if (string.IsNullOrEmpty(_systemPrompt) || conversation.Any(message => TemplateMessages.IsSystem(message.Role))) return options.Instructions;
        return string.IsNullOrEmpty(options.Instructions) ? _systemPrompt : $"{_systemPrompt}\n{options.Instructions}";
    }

    private static JsonObject Describe(AIFunctionDeclaration tool) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = tool.Name, ["description"] = tool.Description, ["parameters"] = JsonValues.FromElement(tool.JsonSchema) },
    };

    private static JsonObject Protect(JsonObject tool, PromptMarks marks) => new() { ["type"] = "function", ["function"] = marks.Protect(tool["function"]) };

    [GeneratedRegex(@"<think>\s*(?:</think>\s*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex OpenedThought();
}
