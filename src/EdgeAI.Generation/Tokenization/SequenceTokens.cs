using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>Which tokens begin and end a text, gathered from the files of a model's folder.</summary>
/// <param name="Begin">Set before a text.</param>
/// <param name="Ends">Any of them ends an answer.</param>
/// <param name="Frame">What is set around a text where the configuration overrides <c>tokenizer.json</c>.</param>
internal sealed record SequenceTokens(int? Begin, IReadOnlyList<int> Ends, SpecialFrame? Frame)
{
    // For folders that do not say what their model generates: the tokens that end a turn in the well-known chat formats.
    private static readonly string[] _turnEnds = ["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<end_of_turn>", "<|end_of_turn|>"];

    // Their loaders build what is set around a text from the configuration and not from tokenizer.json.
    private static readonly string[] _configuredClasses = ["LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer", "CodeLlamaTokenizerFast", "GemmaTokenizer", "GemmaTokenizerFast"];

    public static SequenceTokens Read(string folder, CheckedJson? config, Func<string, int?> idOf, IReadOnlyList<AddedToken> added)
    {
        var begin = TokenName(config, "bos_token") is { } beginName ? idOf(beginName) : null;
        var end = TokenName(config, "eos_token") is { } endName ? idOf(endName) : null;
        var ends = new List<int>();
        var generates = AddEnds(Path.Combine(folder, "generation_config.json"), root => root.Optional("eos_token_id"), ends)
            | AddEnds(Path.Combine(folder, "genai_config.json"), root => root.Optional("model")?.Optional("eos_token_id"), ends);
        if (end is { } known) ends.Add(known);
        if (!generates) ends.AddRange(added.Where(token => token.IsSpecial && _turnEnds.Contains(token.Content)).Select(token => token.Id));
        return new SequenceTokens(begin, [.. ends.Distinct()], FrameOf(config, begin, end));
    }

    /// <summary>A special token's text, which files give as a string or as an object.</summary>
    private static string? TokenName(CheckedJson? config, string name) => config?.Optional(name) switch
    {
        null => null,
        { Kind: JsonValueKind.String } text => text.AsString(),
        { } token => token["content"].AsString(),
    };

    private static bool AddEnds(string path, Func<CheckedJson, CheckedJson?> select, List<int> ends)
    {
        using var file = JsonFile.TryOpen(path);
        if (file is null || select(file.Root) is not { } ids) return false;
        if (ids.Kind == JsonValueKind.Array) ends.AddRange(ids.Elements().Select(id => id.AsInt32(0, Vocabulary.MaxId)));
        else ends.Add(ids.AsInt32(0, Vocabulary.MaxId));
        return true;
    }

    private static SpecialFrame? FrameOf(CheckedJson? config, int? begin, int? end)
    {
        if (config is not { } given || !_configuredClasses.Contains(given.StringOrNull("tokenizer_class")) || given.Optional("add_bos_token") is null) return null;
        IReadOnlyList<int> before = given.BooleanOr("add_bos_token", true) && begin is { } first ? [first] : [];
        IReadOnlyList<int> after = given.BooleanOr("add_eos_token", false) && end is { } last ? [last] : [];
        return new SpecialFrame(before, after);
    }
}
