using System.Text;

namespace EdgeAI.Generation;

/// <summary>Byte-pair encoding (Sennrich et al. 2015), over the characters of a part; what the vocabulary lacks becomes bytes or the unknown token.</summary>
internal sealed class BpeModel : ITokenModel
{
    private readonly Vocabulary _vocabulary;
    private readonly BpeMerges _merges;
    private readonly BpeOptions _options;
    private readonly int? _unknown;
    private readonly int[]? _bytes;

    // Byte-level alphabets and ASCII lie below: looking a symbol up costs an index.
    private readonly int[] _lowCharacters = new int[0x400];

    public BpeModel(Vocabulary vocabulary, BpeMerges merges, BpeOptions options)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _unknown = options.UnknownToken is { } unknown && vocabulary.TryGetId(unknown, out var id) ? id : null;
        _bytes = options.FallsBackToBytes ? vocabulary.ByteIds() : null;
        for (var i = 0; i < _lowCharacters.Length; i++) _lowCharacters[i] = vocabulary.TryGetId([(char)i], out var character) ? character : -1;
    }

    public IReadOnlyList<string?> Tokens => _vocabulary.Tokens;

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _vocabulary.TryGetId(token, out id);

    public void Encode(string part, List<int> output)
    {
        if (_options.IgnoresMerges && _vocabulary.TryGetId(part, out var whole))
        {
            output.Add(whole);
            return;
        }

        var symbols = new List<int>(part.Length);
        AddSymbols(part, symbols);
        new BpeMerger(_merges).Merge(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(symbols), output);
    }

    private void AddSymbols(string part, List<int> symbols)
    {
        var lastWasUnknown = false;
        var at = 0;
        foreach (var rune in part.EnumerateRunes())
        {
            var (start, end) = (at, at + rune.Utf16SequenceLength);
            at = end;
            if (TryGetSymbol(part, start, end, out var id))
            {
                symbols.Add(id);
                lastWasUnknown = false;
            }
            else if (_bytes is not null)
            {
                AddBytes(rune, symbols);
                lastWasUnknown = false;
            }
            else if (_unknown is { } unknown)
            {
                if (!(lastWasUnknown && _options.FusesUnknown)) symbols.Add(unknown);
                lastWasUnknown = true;
            }
        }
    }

    private bool TryGetSymbol(string part, int start, int end, out int id)
    {
        var character = part.AsSpan(start, end - start);
        if (_options.ContinuingPrefix.Length + _options.EndSuffix.Length == 0)
        {
            if (character.Length > 1 || character[0] >= _lowCharacters.Length) return _vocabulary.TryGetId(character, out id);
            id = _lowCharacters[character[0]];
            return id >= 0;
        }

        return _vocabulary.TryGetId(string.Concat(start == 0 ? "" : _options.ContinuingPrefix, character, end == part.Length ? _options.EndSuffix : ""), out id);
    }

    private void AddBytes(Rune rune, List<int> symbols)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var value in utf8[..rune.EncodeToUtf8(utf8)]) symbols.Add(_bytes![value]);
    }
}
