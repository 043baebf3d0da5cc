using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>A generator with what a chat needs besides: how conversations become prompts, and which tokens its last answers were made of. Thread-safe.</summary>
internal sealed class ChatModel
{
    private readonly ChatPrompts _prompts;

    /// <exception cref="ModelLoadException">There is no tokenizer or no chat template.</exception>
    public ChatModel(ITextGenerator generator, ChatModelOptions options)
    {
        Generator = generator;
        Tokenizer = generator.Tokenizer ?? throw Missing("tokenizer", "tokenizer.json");
        var template = generator.ChatTemplate ?? throw Missing("chat template", "chat_template.jinja, or a chat_template in tokenizer_config.json");
        Defaults = options.Generation;
        Specials = new SpecialTexts(Tokenizer);
        _prompts = new ChatPrompts(Tokenizer, template, options.SystemPrompt);
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
            return _prompts.Create(conversation, options, Recall);
        }
        catch (ChatTemplateException)
        {
            // Some templates look into answers, for calls above all. As it was written, the conversation may please them; if not, that says why.
            return _prompts.Create(conversation, options, recall: null);
        }
    }

    private ReadOnlyMemory<int>? Recall(string key, bool keepReasoning) => Answers.Find(key)?.TokensFor(keepReasoning);
}
