using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>The tokens that all conversations with a system prompt begin with.</summary>
internal static class SharedPrefix
{
    // They begin with characters of different sorts: a letter, a digit, a space and so on may each be joined with what the template writes before them.
    private static readonly string[] _questions = ["a", "B", "7", " c", "\n", "é", "你", "<", "{", "-", "."];

    /// <summary>
    /// Finds them, as the template writes them now: by what differs where nothing but the question does. What a template writes of the moment, such as the date, is part of it as far as it stays the
    /// same meanwhile; a later prompt that differs there uses what comes before.
    /// </summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="template">The model's.</param>
    /// <param name="systemPrompt">What is said as the system.</param>
    /// <returns>Empty where they share nothing.</returns>
    /// <exception cref="ChatTemplateException">The template refuses such a conversation.</exception>
    public static int[] Of(ITokenizer tokenizer, IChatTemplate template, string systemPrompt)
    {
        var prompts = new ChatPrompts(tokenizer, template, systemPrompt);
        var options = new ChatOptionsMapping(null, GenerationOptions.Default, client: null);
        int[]? shared = null;
        foreach (var question in _questions)
        {
            var tokens = prompts.Create([new ChatMessage(ChatRole.User, question)], options, recall: null).Tokens;
            shared = shared is null ? tokens : shared[..shared.AsSpan().CommonPrefixLength(tokens)];
        }

        return shared!;
    }
}
