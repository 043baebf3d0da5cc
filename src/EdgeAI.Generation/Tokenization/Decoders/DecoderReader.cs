namespace EdgeAI.Generation;

/// <summary>Reads the member <c>decoder</c> of <c>tokenizer.json</c>.</summary>
internal static class DecoderReader
{
    private const int MaxDepth = 16;

    public static SequenceDecoder Read(CheckedJson? json)
    {
        var steps = new List<ITokenDecoder>();
        if (json is { } decoder) Add(decoder, steps, 0);
        return new SequenceDecoder(steps);
    }

    private static void Add(CheckedJson json, List<ITokenDecoder> steps, int depth)
    {
        if (depth > MaxDepth) throw json.Refusal($"'{json.Path}' is nested deeper than {MaxDepth}");
        var type = json["type"].AsString();
        switch (type)
        {
            case "ByteLevel": steps.Add(new ByteLevelDecoder()); break;
            case "ByteFallback": steps.Add(new ByteFallbackDecoder()); break;
            case "Fuse": steps.Add(new FuseDecoder()); break;
            case "Replace": steps.Add(new ReplaceDecoder(NormalizerReader.Read(json)!)); break;
            case "Strip": steps.Add(ReadStrip(json)); break;
            case "Metaspace": steps.Add(new MetaspaceDecoder(json["replacement"].AsString(), PreTokenizerReader.ReadScheme(json))); break;
            case "WordPiece": steps.Add(new WordPieceDecoder(json.StringOrNull("prefix") ?? "##", json.BooleanOr("cleanup", true))); break;
            case "Sequence":
                foreach (var part in json["decoders"].Elements()) Add(part, steps, depth + 1);
                break;
            default: throw json.Refusal($"the decoder '{type}' is not supported");
        }
    }

    private static StripDecoder ReadStrip(CheckedJson json)
    {
        _ = json["content"].AsCharacter();
        return new StripDecoder(json["content"].AsString(), json["start"].AsInt32(0, 1000), json["stop"].AsInt32(0, 1000));
    }
}
