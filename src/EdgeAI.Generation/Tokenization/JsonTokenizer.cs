namespace EdgeAI.Generation;

/// <summary>A tokenizer as a <c>tokenizer.json</c> describes it: added tokens, normalizer, pre-tokenizer, model, decoder.</summary>
internal sealed class JsonTokenizer : ITokenizer
{
    private readonly TokenizerParts _parts;
    private readonly AddedTokenFinder _inText;
    private readonly AddedTokenFinder _inNormalizedText;
    private readonly string?[] _tokens;
    private readonly byte[][] _bytes;
    private readonly bool[] _isSpecial;

    public JsonTokenizer(TokenizerParts parts)
    {
        _parts = parts;
        _inText = new AddedTokenFinder(parts.AddedTokens.Where(token => !token.IsNormalized).Select(token => (token, token.Content)));
        _inNormalizedText = new AddedTokenFinder(parts.AddedTokens.Where(token => token.IsNormalized).Select(token => (token, Normalize(token.Content))));
        _tokens = new string?[Math.Max(parts.Model.Tokens.Count, parts.AddedTokens.Select(token => token.Id + 1).DefaultIfEmpty().Max())];
        for (var id = 0; id < parts.Model.Tokens.Count; id++) _tokens[id] = parts.Model.Tokens[id];
        _isSpecial = new bool[_tokens.Length];
        foreach (var token in parts.AddedTokens) (_tokens[token.Id], _isSpecial[token.Id]) = (token.Content, token.IsSpecial);
        _bytes = [.. _tokens.Select((token, id) => token is null || _isSpecial[id] ? [] : parts.Decoder.BytesOf(token))];
    }

    public int VocabularySize => _tokens.Length;

    public int? BeginOfSequence => _parts.BeginOfSequence;

    public IReadOnlyList<int> EndTokens => _parts.EndTokens;

    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true, bool parseSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>((text.Length / 3) + 4);
        if (addSpecialTokens) ids.AddRange(_parts.Frame.Before);
        Cut(WellFormedText.From(text), _inText, parseSpecialTokens, isFirst: true, ids, (part, isFirst) => Cut(Normalize(part), _inNormalizedText, parseSpecialTokens, isFirst, ids, (rest, begins) => EncodePart(rest, begins, ids)));
        if (addSpecialTokens) ids.AddRange(_parts.Frame.After);
        return ids;
    }

    public string Decode(ReadOnlySpan<int> tokens, bool skipSpecialTokens = false)
    {
        var known = new List<string>(tokens.Length);
        foreach (var id in tokens)
        {
            if ((uint)id < (uint)_tokens.Length && _tokens[id] is { } token && !(skipSpecialTokens && _isSpecial[id])) known.Add(token);
        }

        return known.Count == 0 ? "" : _parts.Decoder.Decode(known);
    }

    public ReadOnlySpan<byte> GetBytes(int token) => (uint)token < (uint)_bytes.Length ? _bytes[token] : [];

    public bool IsSpecial(int token) => (uint)token < (uint)_isSpecial.Length && _isSpecial[token];

    private static void Cut(string text, AddedTokenFinder finder, bool parseSpecialTokens, bool isFirst, List<int> ids, Action<string, bool> rest)
    {
        var at = 0;
        while (finder.TryFind(text, at, parseSpecialTokens, out var token, out var range))
        {
            if (range.Start.Value > at) rest(text[at..range.Start.Value], isFirst && at == 0);
            ids.Add(token.Id);
            at = range.End.Value;
        }

        if (at < text.Length) rest(at == 0 ? text : text[at..], isFirst && at == 0);
    }

    private string Normalize(string text) => _parts.Normalizer?.Normalize(text) ?? text;

    private void EncodePart(string text, bool isFirst, List<int> ids)
    {
        if (_parts.PreTokenizer is null)
        {
            _parts.Model.Encode(text, ids);
            return;
        }

        var parts = new List<PreToken>();
        _parts.PreTokenizer.Split(new PreToken(text, isFirst), parts);
        foreach (var part in parts) _parts.Model.Encode(part.Text, ids);
    }
}
