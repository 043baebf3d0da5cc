namespace EdgeAI.Generation;

/// <summary>Reads the member <c>pre_tokenizer</c> of <c>tokenizer.json</c>.</summary>
internal static class PreTokenizerReader
{
    private const int MaxDepth = 16;

    public static IPreTokenizer? Read(CheckedJson? json, int depth = 0)
    {
        if (json is not { } preTokenizer) return null;
        if (depth > MaxDepth) throw preTokenizer.Refusal($"'{preTokenizer.Path}' is nested deeper than {MaxDepth}");
        var type = preTokenizer["type"].AsString();
        switch (type)
        {
            case "ByteLevel": return new ByteLevelPreTokenizer(preTokenizer.BooleanOr("add_prefix_space", true), preTokenizer.BooleanOr("use_regex", true));
            case "Split": return new PatternPreTokenizer(PatternReader.Read(preTokenizer["pattern"]), ReadBehavior(preTokenizer["behavior"]), preTokenizer.BooleanOr("invert", false));
            case "Metaspace": return ReadMetaspace(preTokenizer);
            case "Digits": return CharacterPreTokenizer.AtDigits(preTokenizer.BooleanOr("individual_digits", false));
            case "Whitespace": return new PatternPreTokenizer(TokenPattern.Words, SplitBehavior.Removed, inverts: true);
            case "WhitespaceSplit": return CharacterPreTokenizer.AtWhiteSpace;
            case "Punctuation": return CharacterPreTokenizer.AtPunctuation(preTokenizer.Optional("behavior") is { } behavior ? ReadBehavior(behavior) : SplitBehavior.Isolated);
            case "CharDelimiterSplit": return CharacterPreTokenizer.At(preTokenizer["delimiter"].AsCharacter());
            case "BertPreTokenizer": return new SequencePreTokenizer([CharacterPreTokenizer.AtWhiteSpace, CharacterPreTokenizer.AtPunctuation(SplitBehavior.Isolated)]);
            case "Sequence": return new SequencePreTokenizer([.. preTokenizer["pretokenizers"].Elements().Select(part => Read(part, depth + 1)!)]);
            default: throw preTokenizer.Refusal($"the pre-tokenizer '{type}' is not supported");
        }
    }

    /// <summary>Reads the scheme of a <c>Metaspace</c>, which decoders have too.</summary>
    public static PrependScheme ReadScheme(CheckedJson json)
    {
        if (json.StringOrNull("prepend_scheme") is not { } scheme) return json.BooleanOr("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never;
        return scheme switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw json.Refusal($"the scheme '{scheme}' in '{json.Path}' is not supported"),
        };
    }

    private static MetaspacePreTokenizer ReadMetaspace(CheckedJson json)
    {
        _ = json["replacement"].AsCharacter();
        return new MetaspacePreTokenizer(json["replacement"].AsString(), ReadScheme(json), json.BooleanOr("split", true));
    }

    private static SplitBehavior ReadBehavior(CheckedJson json) => json.AsString() switch
    {
        "Removed" or "removed" => SplitBehavior.Removed,
        "Isolated" or "isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" or "merged_with_previous" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" or "merged_with_next" => SplitBehavior.MergedWithNext,
        "Contiguous" or "contiguous" => SplitBehavior.Contiguous,
        var other => throw json.Refusal($"the behavior '{other}' in '{json.Path}' is not supported"),
    };
}
