namespace EdgeAI.Generation;

/// <summary>Reads the member <c>model</c> of <c>tokenizer.json</c>.</summary>
internal static class ModelReader
{
    public static ITokenModel Read(CheckedJson json) => TypeOf(json) switch
    {
        "BPE" => BpeReader.Read(json),
        "Unigram" => UnigramReader.Read(json),
        "WordPiece" => ReadWordPiece(json),
        var other => throw json.Refusal($"the tokenizer model '{other}' is not supported; BPE, Unigram and WordPiece are"),
    };

    // Files of before 2020 name no type.
    private static string TypeOf(CheckedJson json)
    {
        if (json.StringOrNull("type") is { } type) return type;
        if (json.Optional("merges") is not null) return "BPE";
        return json.Optional("max_input_chars_per_word") is not null ? "WordPiece" : json["type"].AsString();
    }

    private static WordPieceModel ReadWordPiece(CheckedJson json)
    {
        var vocabulary = Vocabulary.Read(json["vocab"]);
        var unknown = json.StringOrNull("unk_token") ?? "[UNK]";
        if (!vocabulary.TryGetId(unknown, out var id)) throw json.Refusal($"the unknown token '{unknown}' is not in the vocabulary");
        return new WordPieceModel(vocabulary, id, json.StringOrNull("continuing_subword_prefix") ?? "##", json.Optional("max_input_chars_per_word")?.AsInt32(1, 1000) ?? 100);
    }
}
