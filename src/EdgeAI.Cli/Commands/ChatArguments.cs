using System.CommandLine;
using EdgeAI.Generation;
using Microsoft.Extensions.AI;

namespace EdgeAI.Cli.Commands;

/// <summary>The options of <c>edgeai chat</c>.</summary>
internal sealed class ChatArguments
{
    private const int MostTokens = 1 << 24;

    private readonly Option<string?> _system = new("--system") { HelpName = "TEXT", Description = "What the model is told before the conversation" };
    private readonly Option<int?> _maxTokens = new("--max-tokens") { HelpName = "N", Description = "Tokens of an answer at most; as many as the context has room for unless given", CustomParser = NumberParsing.Whole("--max-tokens", 1, MostTokens) };
    private readonly Option<double?> _temperature = new("--temperature") { HelpName = "T", Description = "0 always takes the most probable token, more is more random; 0 unless given", CustomParser = NumberParsing.Positive("--temperature", 100, "", allowZero: true) };
    private readonly Option<double?> _topP = new("--top-p") { HelpName = "P", Description = "Sample from the tokens that make up this share of the probability", CustomParser = NumberParsing.Positive("--top-p", 1, "") };
    private readonly Option<int?> _seed = new("--seed") { HelpName = "N", Description = "Makes sampling repeatable", CustomParser = NumberParsing.Whole("--seed", 0, int.MaxValue) };
    private readonly Option<int?> _threads = new("--threads") { HelpName = "N", Description = "Threads; as many as there are cores unless given", CustomParser = NumberParsing.Whole("--threads", 1, 1024) };
    private readonly Option<int?> _context = new("--context") { HelpName = "N", Description = "Tokens of a conversation at most; takes memory", CustomParser = NumberParsing.Whole("--context", 2, MostTokens) };
    private readonly Option<bool> _noThinking = new("--no-thinking") { Description = "Answer without thinking first, where the model can choose" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_system, _maxTokens, _temperature, _topP, _seed, _threads, _context, DeviceOption, _noThinking]) command.Add(option);
    }

    private Option<string?> DeviceOption { get; } = Commands.DeviceOption.Create();

    public string? System(ParseResult arguments) => arguments.GetValue(_system);

    public TextGeneratorOptions Generator(ParseResult arguments) => new()
    {
        // One person talks, one sequence answers.
        MaxSequences = 1,
        Threads = arguments.GetValue(_threads),
        ContextLength = arguments.GetValue(_context),
        DeviceId = arguments.GetValue(DeviceOption),
        DrainTimeout = TimeSpan.Zero,
    };

    public ChatOptions Chat(ParseResult arguments) => new()
    {
        MaxOutputTokens = arguments.GetValue(_maxTokens),
        Temperature = (float?)arguments.GetValue(_temperature),
        TopP = (float?)arguments.GetValue(_topP),
        Seed = arguments.GetValue(_seed),
        Reasoning = arguments.GetValue(_noThinking) ? new ReasoningOptions { Effort = ReasoningEffort.None } : null,
    };
}
