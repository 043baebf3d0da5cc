namespace EdgeAI.Generation;

/// <summary>Reads a model of type <c>Unigram</c>.</summary>
internal static class UnigramReader
{
    public static UnigramModel Read(CheckedJson json)
    {
        var vocabulary = json["vocab"];
        if (vocabulary.Length > Vocabulary.MaxId) throw vocabulary.Refusal($"'{vocabulary.Path}' has more than {Vocabulary.MaxId} tokens");
        var tokens = new List<(string, double)>(vocabulary.Length);
        foreach (var entry in vocabulary.Elements())
        {
            if (entry.Length != 2) throw entry.Refusal($"'{entry.Path}' is not a token and its score");
            tokens.Add((entry[0].AsString(), entry[1].AsFinite()));
        }

        return new UnigramModel(tokens, json.Optional("unk_id")?.AsInt32(0, tokens.Count - 1), json.BooleanOr("byte_fallback", false));
    }
}
