using System.Text;

namespace EdgeAI.Generation;

/// <summary>
/// The text of an answer as its tokens come: what they add to the prompt's, so that a leading space of the first token stays. Characters may be spread over tokens, as may stop sequences; only what can still
/// become one is held back. The stop sequence that ends first counts, of those that end together the longest. A steady step allocates nothing. Not thread-safe.
/// </summary>
internal sealed class AnswerText
{
    private readonly ITokenizer _tokenizer;
    private readonly StopSequenceAutomaton? _stops;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private char[] _text = new char[256];
    private int _length;
    private int _state = StopSequenceAutomaton.Start;
    private int _given;
    private int _missingBytes;

    /// <param name="tokenizer">The model's.</param>
    /// <param name="stopSequences">Not empty ones.</param>
    public AnswerText(ITokenizer tokenizer, IReadOnlyList<string> stopSequences)
    {
        _tokenizer = tokenizer;
        if (stopSequences.Count > 0) _stops = new StopSequenceAutomaton(stopSequences);
    }

    /// <summary>Whether a stop sequence came: the answer is complete then.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether text is held back: the next token, or the end, decides what becomes of it.</summary>
    public bool IsPending => !IsStopped && (_length > _given || _missingBytes > 0);

    /// <summary>Takes a token.</summary>
    /// <returns>Text that is certain now, often empty; valid until the next call.</returns>
    public ReadOnlySpan<char> Append(int token) => Append(_tokenizer.GetBytes(token), isLast: false);

    /// <summary>No token follows.</summary>
    /// <returns>Text that was held back, an incomplete character as U+FFFD; valid until the next call.</returns>
    public ReadOnlySpan<char> Complete()
    {
        var certain = Append([], isLast: true);
        if (IsStopped) return certain;
        (_given, _state) = (_length, StopSequenceAutomaton.Start);
        return _text.AsSpan(0, _length);
    }

    private ReadOnlySpan<char> Append(ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (IsStopped) return [];

        // What was held back comes first; it is shorter than the longest stop sequence.
        _length -= _given;
        Array.Copy(_text, _given, _text, 0, _length);
        var room = _length + Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (room > _text.Length) Array.Resize(ref _text, Math.Max(room, 2 * _text.Length));

        var held = _length;
        _length += _decoder.GetChars(bytes, _text.AsSpan(_length), isLast);
        foreach (var next in bytes) _missingBytes = MissingAfter(next, _missingBytes);
        _given = FindCertain(held);
        return _text.AsSpan(0, _given);
    }

    /// <summary>How many bytes a character of UTF-8 still needs.</summary>
    private static int MissingAfter(byte next, int missing) => next switch
    {
        < 0x80 => 0,
        < 0xC0 => Math.Max(0, missing - 1),
        < 0xE0 => 1,
        < 0xF0 => 2,
        _ => 3,
    };

    /// <summary>How many characters from the first on cannot be part of a stop sequence.</summary>
    private int FindCertain(int first)
    {
        if (_stops is null) return _length;
        for (var i = first; i < _length; i++)
        {
            _state = _stops.Step(_state, _text[i]);
            if (_stops.Match(_state) is not (> 0 and var match)) continue;
            IsStopped = true;
            return i + 1 - match;
        }

        return _length - _stops.Depth(_state);
    }
}
