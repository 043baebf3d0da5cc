namespace EdgeAI.Generation;

/// <summary>Reads the member <c>normalizer</c> of <c>tokenizer.json</c>.</summary>
internal static class NormalizerReader
{
    private const int MaxDepth = 16;

    public static INormalizer? Read(CheckedJson? json, int depth = 0)
    {
        if (json is not { } normalizer) return null;
        if (depth > MaxDepth) throw normalizer.Refusal($"'{normalizer.Path}' is nested deeper than {MaxDepth}");
        var type = normalizer["type"].AsString();
        switch (type)
        {
            case "NFC": return new UnicodeFormNormalizer(composes: true, compatibility: false);
            case "NFD": return new UnicodeFormNormalizer(composes: false, compatibility: false);
            case "NFKC": return new UnicodeFormNormalizer(composes: true, compatibility: true);
            case "NFKD": return new UnicodeFormNormalizer(composes: false, compatibility: true);
            case "Lowercase": return new LowercaseNormalizer();
            case "Prepend": return new PrependNormalizer(normalizer["prepend"].AsString());
            case "Replace": return ReadReplace(normalizer);
            case "Strip": return new StripNormalizer(normalizer.BooleanOr("strip_left", true), normalizer.BooleanOr("strip_right", true));
            case "StripAccents": return new StripAccentsNormalizer();
            case "BertNormalizer": return ReadBert(normalizer);
            case "Precompiled": return ReadPrecompiled(normalizer);
            case "Sequence": return new SequenceNormalizer([.. normalizer["normalizers"].Elements().Select(part => Read(part, depth + 1)!)]);
            default: throw normalizer.Refusal($"the normalizer '{type}' is not supported");
        }
    }

    private static INormalizer ReadReplace(CheckedJson json)
    {
        var replacement = json["content"].AsString();
        return json["pattern"].StringOrNull("String") is { } literal
            ? new LiteralReplaceNormalizer(literal, replacement)
            : new ReplaceNormalizer(PatternReader.Read(json["pattern"]), replacement);
    }

    private static BertNormalizer ReadBert(CheckedJson json)
    {
        var lowercases = json.BooleanOr("lowercase", true);
        return new BertNormalizer(json.BooleanOr("clean_text", true), json.BooleanOr("handle_chinese_chars", true), json.BooleanOr("strip_accents", lowercases), lowercases);
    }

    private static PrecompiledNormalizer ReadPrecompiled(CheckedJson json)
    {
        try
        {
            return PrecompiledNormalizer.Parse(json["precompiled_charsmap"].AsString());
        }
        catch (FormatException exception)
        {
            throw json.Refusal($"'{json.Path}' cannot be used: {exception.Message}", exception);
        }
    }
}
