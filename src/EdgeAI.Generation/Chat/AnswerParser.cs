namespace EdgeAI.Generation;

/// <summary>
/// Parts an answer, as it is made, into text, the model's thought and calls of functions. Holds back only what may still turn out to be a mark or a call; the parts
/// together hold every character that is not one. For one answer; not thread-safe.
/// </summary>
internal sealed class AnswerParser
{
    private readonly AnswerSyntax _syntax;
    private readonly string[] _marks;
    private readonly List<ToolCall> _calls = [];
    private State _state;
    private string _pending = "";
    private string _held = "";
    private bool _dropWhitespace;
    private bool _reasoningBegan;
    private bool _bareIsCertain;
    private ToolCallMarkup? _markup;
    private int _closesTried;

    public AnswerParser(AnswerSyntax syntax)
    {
        _syntax = syntax;
        _marks = [.. syntax.CallMarkups.Select(markup => markup.Begin)];
        _state = syntax.StartsInReasoning ? State.Reasoning : State.Start;
    }

    private enum State
    {
        /// <summary>Nothing but whitespace so far: a thought, a call or text may follow.</summary>
        Start,
        Text,
        Reasoning,

        /// <summary>Between the marks of a call.</summary>
        Call,

        /// <summary>In JSON that may be a call.</summary>
        Bare,
    }

    /// <summary>Whether the answer proper has begun, behind a thought if there is one.</summary>
    public bool IsInReasoning => _state == State.Reasoning;

    /// <summary>Whether a thought has come.</summary>
    public bool HasReasoning => _reasoningBegan || _syntax.StartsInReasoning;

    /// <summary>Takes more text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parts">Where parts that are certain are added.</param>
    public void Append(string text, ICollection<AnswerPart> parts)
    {
        _pending += text;
        while (Step(parts))
        {
        }
    }

    /// <summary>Takes the end of the answer.</summary>
    public void Complete(ICollection<AnswerPart> parts)
    {
        switch (_state)
        {
            case State.Reasoning:
                AddReasoning(_pending, parts);
                break;
            case State.Call when ToolCallParser.TryParse(_pending[_markup!.Begin.Length..], null, _calls):
            case State.Bare when ToolCallParser.TryParse(BareCall.Unfence(_pending), _syntax.ToolNames, _calls):
                AddCalls(parts);
                break;
            case State.Start when _dropWhitespace && string.IsNullOrWhiteSpace(_pending):
                break;
            default:
                AddText(_pending, parts);
                break;
        }

        _pending = "";
    }

    /// <returns>Whether there is more to do with what is pending.</returns>
    private bool Step(ICollection<AnswerPart> parts) => _pending.Length > 0 && _state switch
    {
        State.Start => StepStart(parts),
        State.Text => StepText(parts),
        State.Reasoning => StepReasoning(parts),
        State.Call => StepCall(parts),
        _ => StepBare(parts),
    };

    private bool StepStart(ICollection<AnswerPart> parts)
    {
        var text = _pending.AsSpan().TrimStart();
        if (text.IsEmpty) return false;
        if (!_reasoningBegan && !_syntax.StartsInReasoning)
        {
            if (text.StartsWith(AnswerSyntax.ReasoningBegin, StringComparison.Ordinal))
            {
                _pending = text[AnswerSyntax.ReasoningBegin.Length..].ToString();
                _reasoningBegan = true;
                return Enter(State.Reasoning);
            }

            if (AnswerSyntax.ReasoningBegin.AsSpan().StartsWith(text, StringComparison.Ordinal)) return false;
        }

        foreach (var mark in _marks)
        {
            if (text.Length < mark.Length && mark.AsSpan().StartsWith(text, StringComparison.Ordinal)) return false;
            if (!text.StartsWith(mark, StringComparison.Ordinal)) continue;
            _pending = text.ToString();
            return Enter(State.Text);
        }

        if (_syntax.ToolNames.Count > 0 && (text[0] is '{' or '[' || text.StartsWith(BareCall.Fence, StringComparison.Ordinal))) return Enter(State.Bare);
        if (_syntax.ToolNames.Count > 0 && BareCall.Fence.AsSpan().StartsWith(text, StringComparison.Ordinal)) return false;
        if (_dropWhitespace) _pending = text.ToString();
        return Enter(State.Text);
    }

    private bool StepText(ICollection<AnswerPart> parts)
    {
        var first = -1;
        foreach (var markup in _syntax.CallMarkups)
        {
            var at = _pending.IndexOf(markup.Begin, StringComparison.Ordinal);
            if (at < 0 || (first >= 0 && at >= first)) continue;
            first = at;
            _markup = markup;
        }

        if (first >= 0)
        {
            AddText(_pending[..first], parts);
            _pending = _pending[first..];
            _closesTried = 0;
            return Enter(State.Call);
        }

        var certain = _pending.Length - PrefixAtEnd(_pending, _marks);
        AddText(_pending[..certain], parts);
        _pending = _pending[certain..];
        return false;
    }

    private bool StepReasoning(ICollection<AnswerPart> parts)
    {
        var end = _pending.IndexOf(AnswerSyntax.ReasoningEnd, StringComparison.Ordinal);
        if (end < 0)
        {
            var certain = _pending.Length - PrefixAtEnd(_pending, [AnswerSyntax.ReasoningEnd]);
            AddReasoning(_pending[..certain], parts);
            _pending = _pending[certain..];
            return false;
        }

        AddReasoning(_pending[..end], parts);
        _held = "";
        _reasoningBegan = true;
        _dropWhitespace = true;
        _pending = _pending[(end + AnswerSyntax.ReasoningEnd.Length)..];
        return Enter(State.Start);
    }

    private bool StepCall(ICollection<AnswerPart> parts)
    {
        if (_markup!.End is not { } close) return false;

        // A text among the arguments may hold the closing mark: then the call ends at a later one.
        var from = Math.Max(_markup.Begin.Length, _closesTried);
        while (_pending.IndexOf(close, from, StringComparison.Ordinal) is >= 0 and var at)
        {
            from = at + close.Length;
            _closesTried = from;
            if (!ToolCallParser.TryParse(_pending[_markup.Begin.Length..at], null, _calls)) continue;
            AddCalls(parts);
            _pending = _pending[from..];
            _dropWhitespace = true;
            return Enter(State.Start);
        }

        return false;
    }

    private bool StepBare(ICollection<AnswerPart> parts)
    {
        if (_bareIsCertain) return false;
        var text = _pending.TrimStart();
        var judgement = BareCall.Judge(text, _syntax.ToolNames);
        _bareIsCertain = judgement == true;
        if (judgement != false) return false;
        if (_dropWhitespace) _pending = text;
        return Enter(State.Text);
    }

    private bool Enter(State state)
    {
        _state = state;
        return true;
    }

    private void AddText(string text, ICollection<AnswerPart> parts)
    {
        if (text.Length == 0) return;
        _dropWhitespace = false;
        parts.Add(new AnswerPart(text));
    }

    /// <summary>Templates put line breaks around a thought; they are not part of it.</summary>
    private void AddReasoning(string text, ICollection<AnswerPart> parts)
    {
        text = _held + text;
        var length = text.AsSpan().TrimEnd().Length;
        _held = text[length..];
        text = text[..length];
        if (!_dropWhitespace) text = text.TrimStart();
        if (length == 0) return;
        _dropWhitespace = true;
        parts.Add(new AnswerPart(text, IsReasoning: true));
    }

    private void AddCalls(ICollection<AnswerPart> parts)
    {
        foreach (var call in _calls) parts.Add(new AnswerPart("", Call: call));
        _calls.Clear();
    }

    /// <summary>How many characters at the end of a text may be the begin of a mark.</summary>
    private static int PrefixAtEnd(string text, ReadOnlySpan<string> marks)
    {
        var longest = 0;
        foreach (var mark in marks)
        {
            for (var length = Math.Min(mark.Length - 1, text.Length); length > longest; length--)
            {
                if (!text.AsSpan(text.Length - length).SequenceEqual(mark.AsSpan(0, length))) continue;
                longest = length;
                break;
            }
        }

        return longest;
    }
}
