using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>One answer on its way from tokens to updates. Not thread-safe.</summary>
internal sealed class ChatAnswer
{
    private readonly ChatOptionsMapping _options;
    private readonly AnswerParser _parser;
    private readonly AnswerRecorder _recorder;
    private readonly List<AnswerPart> _parts = [];
    private readonly string _modelId;
    private readonly DateTimeOffset _createdAt;
    private readonly string _id;
    private int _calls;

    public ChatAnswer(ChatModel model, ChatOptionsMapping options, ChatPrompt prompt, string modelId, DateTimeOffset createdAt)
    {
        _options = options;
        _modelId = modelId;
        _createdAt = createdAt;
        _id = Guid.CreateVersion7(createdAt).ToString("N");
        var names = options.Tools.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
        var syntax = new AnswerSyntax(names, prompt.InReasoning);
        _parser = new AnswerParser(syntax);
        _recorder = new AnswerRecorder(model, syntax, prompt.Opening);
    }

    /// <summary>Whether nothing more is wanted.</summary>
    public bool IsComplete => _options.OneCallOnly && _calls > 0;

    /// <summary>Takes a token; returns what became certain with it, if anything.</summary>
    public ChatResponseUpdate? Take(GeneratedToken token)
    {
        var text = token.Text + _recorder.MarkOf(token.Id);
        var wasInReasoning = _parser.IsInReasoning;
        if (text.Length > 0) _parser.Append(text, _parts);
        _recorder.Add(token.Id, text, _parser.IsInReasoning, wasInReasoning);
        return Flush();
    }

    /// <summary>Takes the end of the answer; returns what was held back, if anything.</summary>
    public ChatResponseUpdate? Complete()
    {
        if (IsComplete) return null;
        _parser.Complete(_parts);
        return Flush();
    }

    public void Remember() => _recorder.Remember(_parser.HasReasoning);

    /// <summary>The last update: why the answer ended and what it took.</summary>
    public ChatResponseUpdate End(GenerationAnswer answer)
    {
        var usage = answer.Usage;
        var details = new UsageDetails
        {
            InputTokenCount = usage.PromptTokens,
            CachedInputTokenCount = usage.CachedTokens,
            OutputTokenCount = usage.GeneratedTokens,
            ReasoningTokenCount = _recorder.ReasoningTokens,
            TotalTokenCount = usage.PromptTokens + usage.GeneratedTokens,
        };
        var update = Create([new UsageContent(details)]);
        update.FinishReason = _calls > 0 ? ChatFinishReason.ToolCalls : answer.FinishReason switch
        {
            FinishReason.Length => ChatFinishReason.Length,
            null => null,
            _ => ChatFinishReason.Stop,
        };
        update.RawRepresentation = usage;
        return update;
    }

    private ChatResponseUpdate? Flush()
    {
        if (_parts.Count == 0) return null;
        var contents = new List<AIContent>();
        foreach (var part in _parts)
        {
            if (part.Call is not null && IsComplete) break;
            AIContent content = part switch
            {
                { Call: { } call } => call.ToContent(ToolCall.CreateId(_id, _calls++)),
                { IsReasoning: true } => new TextReasoningContent(part.Text),
                _ => new TextContent(part.Text),
            };
            _recorder.Add(content);
            if (!part.IsReasoning || _options.ShowsReasoning) contents.Add(content);
        }

        _parts.Clear();
        return contents.Count == 0 ? null : Create(contents);
    }

    private ChatResponseUpdate Create(IList<AIContent> contents) => new(ChatRole.Assistant, contents) { ResponseId = _id, MessageId = _id, ModelId = _modelId, CreatedAt = _createdAt };
}
