using System.CommandLine;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Generate;
using EdgeAI.Generation;

namespace EdgeAI.Cli.Commands;

/// <summary>The command line of <c>edgeai generate</c>. What is wrong with it is said before anything is loaded.</summary>
internal sealed class GenerateArguments
{
    private const int MaxTokens = 10_000_000;
    private const int MaxRuns = 1000;
    private const int MaxThreads = 1024;
    private const int DefaultTokens = 256;

    private readonly Argument<string> _folder = new Argument<string>("MODEL") { Description = "A model folder, as 'edgeai build' writes it" }.NotEmpty();
    private readonly Option<string?> _prompt = new("--prompt") { HelpName = "TEXT", Description = "The prompt; the tokenizer adds what the model expects before it" };
    private readonly Option<int[]?> _tokens = new("--tokens") { HelpName = "1,2,3", Description = "The prompt's token ids, taken exactly", CustomParser = TokensArgument.Parse };
    private readonly Option<int?> _maxTokens = new("--max-tokens") { HelpName = "N", Description = "Tokens to generate at most; 256 otherwise", CustomParser = NumberParsing.Whole("--max-tokens", 1, MaxTokens) };
    private readonly Option<string[]> _stop = new("--stop") { HelpName = "TEXT", Description = "A text that ends the answer; may be given several times", DefaultValueFactory = _ => [] };
    private readonly Option<bool> _ignoreEnd = new("--ignore-eos") { Description = "Generate end tokens like others, up to --max-tokens" };
    private readonly Option<bool> _greedy = new("--greedy") { Description = "Always take the most probable token; so without any option of sampling" };
    private readonly Option<double?> _temperature = new("--temperature") { HelpName = "T", Description = "Sample: 1 as the model says, more for more random; 1 with another option of sampling", CustomParser = NumberParsing.Positive("--temperature", 100, "", allowZero: true) };
    private readonly Option<int?> _topK = new("--top-k") { HelpName = "K", Description = "Sample from the K most probable tokens", CustomParser = NumberParsing.Whole("--top-k", 1, int.MaxValue) };
    private readonly Option<double?> _topP = new("--top-p") { HelpName = "P", Description = "Sample from the fewest tokens whose probabilities reach P", CustomParser = NumberParsing.Positive("--top-p", 1, "") };
    private readonly Option<double?> _minP = new("--min-p") { HelpName = "P", Description = "Leave out tokens less probable than this share of the most probable one", CustomParser = NumberParsing.Positive("--min-p", 1, "", allowZero: true) };
    private readonly Option<int?> _seed = new("--seed") { HelpName = "N", Description = "Makes sampling repeatable", CustomParser = NumberParsing.Whole("--seed", 0, int.MaxValue) };
    private readonly Option<string?> _device = DeviceOption.Create();
    private readonly Option<int?> _threads = new("--threads") { HelpName = "N", Description = "Threads of a run; left out, one for each core", CustomParser = NumberParsing.Whole("--threads", 1, MaxThreads) };
    private readonly Option<int?> _context = new("--context") { HelpName = "N", Description = "Tokens of prompt and answer that memory is kept for; left out, what the model was made for, at most 4096", CustomParser = NumberParsing.Whole("--context", 2, MaxTokens) };
    private readonly Option<int?> _warmUps = new("--warmup") { HelpName = "N", Description = "Answers before those that are measured; 0 otherwise", CustomParser = NumberParsing.Whole("--warmup", 0, MaxRuns) };
    private readonly Option<int?> _repeats = new("--repeat") { HelpName = "N", Description = "Answers that the figures are medians of; 1 otherwise", CustomParser = NumberParsing.Whole("--repeat", 1, MaxRuns) };

    /// <summary>Adds all to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_folder);
        Option[] options = [_prompt, _tokens, _maxTokens, _stop, _ignoreEnd, _greedy, _temperature, _topK, _topP, _minP, _seed, _device, _threads, _context, _warmUps, _repeats];
        foreach (var option in options) command.Add(option);
    }

    /// <exception cref="UsageException">Options do not fit together.</exception>
    public GenerateOptions ToOptions(ParseResult arguments)
    {
        // An array that was not given is an empty one.
        var (prompt, tokens) = (arguments.GetValue(_prompt), arguments.GetValue(_tokens) is { Length: > 0 } given ? given : null);
        var isSampling = arguments.GetValue(_topK) is not null || arguments.GetValue(_topP) is not null || arguments.GetValue(_minP) is not null || arguments.GetValue(_seed) is not null;
        Check(prompt, tokens, arguments.GetValue(_greedy), isSampling || arguments.GetValue(_temperature) is not null);
        return new GenerateOptions
        {
            Folder = arguments.GetRequiredValue(_folder),
            Prompt = prompt,
            Tokens = tokens,
            Generation = new GenerationOptions
            {
                MaxTokens = arguments.GetValue(_maxTokens) ?? DefaultTokens,
                StopSequences = arguments.GetRequiredValue(_stop),
                IgnoreEndTokens = arguments.GetValue(_ignoreEnd),
                Temperature = (float)(arguments.GetValue(_temperature) ?? (isSampling ? 1 : 0)),
                TopK = arguments.GetValue(_topK),
                TopP = (float)(arguments.GetValue(_topP) ?? 1),
                MinP = (float)(arguments.GetValue(_minP) ?? 0),
                Seed = arguments.GetValue(_seed),

                // Every answer computes everything: what is measured is the model, not what was asked before.
                ReusePrefix = false,
                Speculate = false,
            },
            Model = new TextGeneratorOptions
            {
                ContextLength = arguments.GetValue(_context),
                MaxSequences = 1,
                Threads = arguments.GetValue(_threads),
                DeviceId = arguments.GetValue(_device),
                PrefixCacheBytes = 0,
                DrainTimeout = TimeSpan.Zero,
            },
            WarmUps = arguments.GetValue(_warmUps) ?? 0,
            Repeats = arguments.GetValue(_repeats) ?? 1,
        };
    }

    private static void Check(string? prompt, int[]? tokens, bool isGreedy, bool isSampling)
    {
        var problems = new List<string>();
        if (prompt is null == tokens is null) problems.Add("Give either --prompt or --tokens.");
        if (prompt is "") problems.Add("--prompt is empty.");
        if (isGreedy && isSampling) problems.Add("--greedy does not sample: leave it or --temperature, --top-k, --top-p, --min-p and --seed out.");
        if (problems.Count > 0) throw new UsageException(string.Join(' ', problems));
    }
}
