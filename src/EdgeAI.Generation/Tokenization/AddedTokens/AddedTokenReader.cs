namespace EdgeAI.Generation;

/// <summary>Gathers the added tokens of a folder: those of <c>tokenizer.json</c>, and those that only <c>tokenizer_config.json</c> names.</summary>
internal static class AddedTokenReader
{
    public static IReadOnlyList<AddedToken> Read(CheckedJson tokenizer, CheckedJson? config, ITokenModel model)
    {
        var tokens = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var json in tokenizer.Optional("added_tokens")?.Elements() ?? [])
        {
            Add(AddedToken.Read(json, json["id"].AsInt32(0, Vocabulary.MaxId)), model, tokens);
        }

        foreach (var (id, json) in config?.Optional("added_tokens_decoder")?.Members() ?? [])
        {
            if (!int.TryParse(id, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) || number > Vocabulary.MaxId)
            {
                throw json.Refusal($"'{id}' in '{json.Path}' is not the id of a token");
            }

            if (!tokens.ContainsKey(json["content"].AsString())) Add(AddedToken.Read(json, number), model, tokens);
        }

        return [.. tokens.Values];
    }

    // A token that the model knows keeps the model's id.
    private static void Add(AddedToken token, ITokenModel model, Dictionary<string, AddedToken> tokens)
    {
        if (token.Content.Length > 0) tokens[token.Content] = model.TryGetId(token.Content, out var id) ? token with { Id = id } : token;
    }
}
