using System.Text;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>Notes the tokens of one answer, so that a later prompt can repeat them. Not thread-safe.</summary>
internal sealed class AnswerRecorder(ChatModel model, AnswerSyntax syntax, string opening)
{
    private readonly List<int> _tokens = [];
    private readonly List<AIContent> _contents = [];
    private readonly StringBuilder _text = new();
    private int _textFrom;
    private int _contentFrom;

    public int ReasoningTokens { get; private set; }

    /// <summary>Takes a token and the text that came with it, marks included.</summary>
    /// <param name="token">The token.</param>
    /// <param name="text">The text.</param>
    /// <param name="inReasoning">Whether the answer is in a thought after it.</param>
    /// <param name="wasInReasoning">Whether it was before.</param>
    public void Add(int token, string text, bool inReasoning, bool wasInReasoning)
    {
        _tokens.Add(token);
        _text.Append(text);
        if (inReasoning || wasInReasoning) ReasoningTokens++;
        if (!wasInReasoning || inReasoning) return;
        _contentFrom = _tokens.Count;
        _textFrom = _text.Length;
    }

    public void Add(AIContent content) => _contents.Add(content);

    /// <summary>Remembers the answer, if its tokens are its text: they are not where a stop sequence was cut off.</summary>
    public void Remember(bool hasReasoning)
    {
        var key = TemplateMessages.KeyOf(_contents);
        if (key.Length == 0 || _tokens.Count == 0) return;
        if (!Spells(_tokens, _text.ToString())) return;
        var from = _contentFrom;
        while (hasReasoning && from < _tokens.Count && string.IsNullOrWhiteSpace(TextOf(_tokens[from]))) from++;
        if (hasReasoning && !Spells(_tokens[from..], _text.ToString(_textFrom, _text.Length - _textFrom))) from = -1;
        var opened = opening.Length == 0 ? [] : model.Tokenizer.Encode(opening, addSpecialTokens: false).ToArray();
        model.Answers.Add(key, new RememberedAnswer(opened, _tokens.ToArray(), from, hasReasoning));
    }

    /// <summary>A token's text where it is a special one that belongs to the answer; <see langword="null"/> for all others.</summary>
    public string? MarkOf(int token) => model.Tokenizer.IsSpecial(token) && model.Specials.TryGet(token, out var text) && syntax.Reads(text) ? text : null;

    private bool Spells(List<int> tokens, string text)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (MarkOf(token) is { } mark) bytes.AddRange(Encoding.UTF8.GetBytes(mark));
            else bytes.AddRange(model.Tokenizer.GetBytes(token));
        }

        // Spaces at the begin come and go with the vocabulary.
        return Encoding.UTF8.GetString([.. bytes]).AsSpan().TrimStart().SequenceEqual(text.AsSpan().TrimStart());
    }

    private string TextOf(int token) => MarkOf(token) ?? Encoding.UTF8.GetString(model.Tokenizer.GetBytes(token));
}
