using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>A chat template in Hugging Face's dialect of Jinja, with the special tokens that it names. Immutable and thread-safe.</summary>
internal sealed class ChatTemplate : IChatTemplate
{
    private readonly JinjaStatement _template;
    private readonly JinjaStatement? _toolTemplate;
    private readonly JsonObject _specialTokens;
    private readonly TimeProvider _timeProvider;

    /// <param name="template">The template's text.</param>
    /// <param name="toolTemplate">Another one for conversations with tools; <see langword="null"/> where one does for all.</param>
    /// <param name="specialTokens">Variables that every conversation has, such as <c>bos_token</c>.</param>
    /// <param name="timeProvider">What the template takes for now.</param>
    /// <exception cref="ChatTemplateException">A template is malformed, or uses what is not supported.</exception>
    public ChatTemplate(string template, string? toolTemplate, JsonObject specialTokens, TimeProvider timeProvider)
    {
        _template = JinjaParser.Parse(template);
        _toolTemplate = toolTemplate is null ? null : JinjaParser.Parse(toolTemplate);
        _specialTokens = specialTokens;
        _timeProvider = timeProvider;
    }

    public string Render(IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject>? tools = null, bool addGenerationPrompt = true, JsonObject? variables = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var scope = new Scope(null);
        JinjaGlobals.AddTo(scope);
        Add(_specialTokens, scope);
        scope.Set("messages", ToList(messages));
        scope.Set("tools", tools is null ? null : ToList(tools));
        scope.Set("documents", null);
        scope.Set("add_generation_prompt", addGenerationPrompt);
        if (variables is not null) Add(variables, scope);
        var rendering = new Rendering(_timeProvider);
        try
        {
            (tools is not null && _toolTemplate is not null ? _toolTemplate : _template).Execute(rendering, new Scope(scope));
        }
        catch (InsufficientExecutionStackException exception)
        {
            throw new ChatTemplateException("The chat template nests values or calls too deep.", exception);
        }

        return rendering.Output.ToString();
    }

    private static List<object?> ToList(IReadOnlyList<JsonObject> objects) => [.. objects.Select(PythonJson.FromNode)];

    private static void Add(JsonObject variables, Scope scope)
    {
        foreach (var (name, value) in variables) scope.Set(name, PythonJson.FromNode(value));
    }
}
