using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>A generator with what a chat needs besides: how conversations become prompts, and which tokens its last answers were made of. Thread-safe.</summary>
internal sealed partial class ChatModel
{
    private readonly SpecialTexts _protected;
    private readonly IChatTemplate _template;

    /// <exception cref="ModelLoadException">There is no tokenizer or no chat template.</exception>
    public ChatModel(ITextGenerator generator, ChatModelOptions options)
    {
        Generator = generator;
        Tokenizer = generator.Tokenizer ?? throw Missing("tokenizer", "tokenizer.json");
        _template = generator.ChatTemplate ?? throw Missing("chat template", "chat_template.jinja, or a chat_template in tokenizer_config.json");
        Defaults = options.Generation;
        Specials = new SpecialTexts(Tokenizer);
        _protected = new SpecialTexts(Tokenizer, PromptMarks.Begin);
        Answers = new AnswerMemory(Math.Clamp(options.RememberedAnswers, 0, 65_536));
        Grammars = new AnswerGrammars(Tokenizer);

        ModelLoadException Missing(string what, string file) =>
            new($"A chat needs a {what}, and the model's folder has none: add {file} from the model's source.", generator.Model.Id);
    }

    public ITextGenerator Generator { get; }

    public ITokenizer Tokenizer { get; }

    public SpecialTexts Specials { get; }

    public AnswerMemory Answers { get; }

    public AnswerGrammars Grammars { get; }

    public GenerationOptions Defaults { get; }

    /// <summary>The prompt of a conversation.</summary>
    /// <exception cref="InvalidInputException">A message holds what a model of text cannot read, or an option cannot be followed: names every problem.</exception>
    /// <exception cref="ChatTemplateException">The template refuses the conversation.</exception>
    public ChatPrompt Prepare(IReadOnlyList<ChatMessage> conversation, ChatOptionsMapping options)
    {
        try
        {
            return Prepare(conversation, options, Recall);
        }
        catch (ChatTemplateException)
        {
            // Some templates look into answers, for calls above all. As it was written, the conversation may please them; if not, that says why.
            return Prepare(conversation, options, recall: null);
        }
    }

    private ReadOnlyMemory<int>? Recall(string key, bool keepReasoning) => Answers.Find(key)?.TokensFor(keepReasoning);

    private ChatPrompt Prepare(IReadOnlyList<ChatMessage> conversation, ChatOptionsMapping options, Func<string, bool, ReadOnlyMemory<int>?>? recall)
    {
        var marks = new PromptMarks(Tokenizer, _protected);
        var messages = new TemplateMessages(marks);
        messages.Add(conversation, options.Instructions, recall);
        List<string> problems = [.. options.Problems, .. messages.Problems];
        if (messages.Messages.Count == 0) problems.Add("there are no messages");
        if (problems.Count > 0) throw new InvalidInputException(problems);

        var tools = options.Tools.Count == 0 ? null : options.Tools.Select(tool => Describe(tool, marks)).ToArray();
        var text = _template.Render(messages.Messages, tools, addGenerationPrompt: true, options.Variables);
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

    private static JsonObject Describe(AIFunctionDeclaration tool, PromptMarks marks) => new()
    {
        ["type"] = "function",
        ["function"] = marks.Protect(new JsonObject { ["name"] = tool.Name, ["description"] = tool.Description, ["parameters"] = JsonValues.FromElement(tool.JsonSchema) }),
    };

    [GeneratedRegex(@"<think>\s*(?:</think>\s*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex OpenedThought();
}
