namespace EdgeAI.Generation;

/// <summary>Reads the member <c>post_processor</c> of <c>tokenizer.json</c>. For one text each of them adds tokens before and after it, or nothing.</summary>
internal static class PostProcessorReader
{
    private const int MaxDepth = 16;

    public static SpecialFrame Read(CheckedJson? json, int depth = 0)
    {
        if (json is not { } processor) return SpecialFrame.Empty;
        if (depth > MaxDepth) throw processor.Refusal($"'{processor.Path}' is nested deeper than {MaxDepth}");
        var type = processor["type"].AsString();
        switch (type)
        {
            case "ByteLevel": return SpecialFrame.Empty;
            case "TemplateProcessing": return ReadTemplate(processor);
            case "BertProcessing" or "RobertaProcessing": return new SpecialFrame([ReadId(processor["cls"][1])], [ReadId(processor["sep"][1])]);
            case "Sequence": return processor["processors"].Elements().Aggregate(SpecialFrame.Empty, (inner, part) => inner.Within(Read(part, depth + 1)));
            default: throw processor.Refusal($"the post-processor '{type}' is not supported");
        }
    }

    private static SpecialFrame ReadTemplate(CheckedJson json)
    {
        List<int> before = [], after = [];
        var hasText = false;
        foreach (var piece in json["single"].Elements())
        {
            if (piece.Optional("SpecialToken") is { } special)
            {
                (hasText ? after : before).AddRange(ReadSpecial(json["special_tokens"][special["id"].AsString()]));
            }
            else if (hasText || piece["Sequence"]["id"].AsString() != "A")
            {
                throw piece.Refusal($"'{piece.Path}' is not the one text 'A' of the template");
            }
            else
            {
                hasText = true;
            }
        }

        return hasText ? new SpecialFrame(before, after) : throw json.Refusal($"the template '{json.Path}' has no text");
    }

    private static IEnumerable<int> ReadSpecial(CheckedJson json) => json["ids"].Elements().Select(ReadId);

    private static int ReadId(CheckedJson json) => json.AsInt32(0, Vocabulary.MaxId);
}
