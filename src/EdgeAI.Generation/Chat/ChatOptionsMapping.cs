using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>What a call's <see cref="ChatOptions"/> mean for generation and for the template.</summary>
internal sealed class ChatOptionsMapping
{
    /// <summary>Passed to the template, as other servers of chat models do.</summary>
    public const string TemplateVariables = "chat_template_kwargs";

    private readonly List<string> _problems = [];
    private readonly ChatOptions _options;

    /// <param name="options">The call's.</param>
    /// <param name="defaults">What applies where they say nothing.</param>
    /// <param name="client">Who is called; <see langword="null"/> only where there are no options.</param>
    public ChatOptionsMapping(ChatOptions? options, GenerationOptions defaults, IChatClient? client)
    {
        _options = options ?? new ChatOptions();
        if (_options.ConversationId is not null) _problems.Add("ConversationId is set, but conversations are not kept; send all messages with each call");
        if (_options.ContinuationToken is not null) _problems.Add("ContinuationToken is set, but answers are not kept; call again without it");
        Tools = ToolsOf(_options);
        var required = (_options.ToolMode as RequiredChatToolMode)?.RequiredFunctionName;
        if (_options.ToolMode is RequiredChatToolMode && Tools.Count == 0) _problems.Add("ToolMode requires a call, but there are no Tools");
        else if (required is not null && Tools.All(tool => tool.Name != required)) _problems.Add($"ToolMode requires the function '{required}', which is not among the Tools");
        Generation = Generate(_options.RawRepresentationFactory?.Invoke(client!) as GenerationOptions ?? defaults);
        Variables = VariablesOf();
    }

    public GenerationOptions Generation { get; }

    /// <summary>The functions that the model is told of.</summary>
    public IReadOnlyList<AIFunctionDeclaration> Tools { get; }

    /// <summary>Whether the answer must be a call.</summary>
    public bool MustCall => _options.ToolMode is RequiredChatToolMode;

    /// <summary>The functions that the answer may call; one where that one is required.</summary>
    public IEnumerable<AIFunctionDeclaration> Callable => _options.ToolMode is RequiredChatToolMode { RequiredFunctionName: { } name } ? Tools.Where(tool => tool.Name == name) : Tools;

    /// <summary>The JSON that the answer must be; <see langword="null"/> for text.</summary>
    public ChatResponseFormatJson? Json => _options.ResponseFormat as ChatResponseFormatJson;

    public bool OneCallOnly => _options.AllowMultipleToolCalls == false;

    public bool ShowsReasoning => _options.Reasoning?.Output != ReasoningOutput.None;

    public string? Instructions => _options.Instructions;

    public JsonObject Variables { get; }

    /// <summary>What cannot be done.</summary>
    public IReadOnlyList<string> Problems => _problems;

    private List<AIFunctionDeclaration> ToolsOf(ChatOptions options)
    {
        var tools = new List<AIFunctionDeclaration>();
        if (options.ToolMode is NoneChatToolMode) return tools;
        foreach (var tool in options.Tools ?? [])
        {
            if (tool is AIFunctionDeclaration function) tools.Add(function);
            else _problems.Add($"the tool '{tool.Name}' is a {tool.GetType().Name}; only functions can be called");
        }

        return tools;
    }

    private GenerationOptions Generate(GenerationOptions defaults)
    {
        var minP = Number("min_p");
        var samples = _options.TopP is not null || _options.TopK is not null || minP is not null;

        // Who narrows the choice wants to sample; who says nothing gets the defaults.
        var temperature = _options.Temperature ?? (samples && defaults.Temperature == 0 ? 1 : defaults.Temperature);
        return defaults with
        {
            MaxTokens = _options.MaxOutputTokens ?? defaults.MaxTokens,
            Temperature = temperature,
            TopK = _options.TopK ?? defaults.TopK,
            TopP = _options.TopP ?? defaults.TopP,
            MinP = minP ?? defaults.MinP,
            RepetitionPenalty = Number("repetition_penalty") ?? defaults.RepetitionPenalty,
            PresencePenalty = _options.PresencePenalty ?? defaults.PresencePenalty,
            FrequencyPenalty = _options.FrequencyPenalty ?? defaults.FrequencyPenalty,
            Seed = _options.Seed ?? defaults.Seed,
            StopSequences = _options.StopSequences is { Count: > 0 } stops ? [.. stops] : defaults.StopSequences,
        };
    }

    private JsonObject VariablesOf()
    {
        var variables = new JsonObject();

        // A thought is not JSON, and would not get past the constraint.
        if (Json is not null || MustCall) variables["enable_thinking"] = false;
        if (_options.Reasoning?.Effort is { } effort) variables["enable_thinking"] = effort != ReasoningEffort.None;
        if (_options.AdditionalProperties is not { } more) return variables;
        if (more.TryGetValue("enable_thinking", out var thinking)) variables["enable_thinking"] = JsonValues.ToNode(thinking);
        if (!more.TryGetValue(TemplateVariables, out var all)) return variables;
        if (JsonValues.ToNode(all) is JsonObject named)
        {
            foreach (var (name, value) in named) variables[name] = value?.DeepClone();
        }
        else
        {
            _problems.Add($"AdditionalProperties['{TemplateVariables}'] is not an object");
        }

        return variables;
    }

    private float? Number(string name)
    {
        if (_options.AdditionalProperties?.TryGetValue(name, out var value) != true || value is null) return null;
        if (value is JsonElement { ValueKind: JsonValueKind.Number } element) return element.GetSingle();
        if (value is IConvertible and not string) return Convert.ToSingle(value, CultureInfo.InvariantCulture);
        _problems.Add($"AdditionalProperties['{name}'] is '{value}', which is not a number");
        return null;
    }
}
