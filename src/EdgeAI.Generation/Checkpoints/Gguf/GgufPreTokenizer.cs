using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>How a byte-level vocabulary splits a text before merging. A GGUF file has only a name for it; the expressions are those of the models' own <c>tokenizer.json</c>.</summary>
/// <param name="Expressions">Each splits what the one before left whole.</param>
/// <param name="ComposesCharacters">Whether the text is brought into Unicode's form NFC first.</param>
/// <param name="IgnoresMerges">Whether a part that is a token is taken as it is.</param>
/// <param name="AddsBegin">Whether the begin of the sequence is added where the file does not say.</param>
internal sealed record GgufPreTokenizer(string[] Expressions, bool ComposesCharacters = false, bool IgnoresMerges = false, bool AddsBegin = false)
{
    /// <summary>The name that stands for none.</summary>
    public const string DefaultName = "default";

    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Gpt2Expression = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private const string Llama3Expression = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen2Expression = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Upper = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+";
    private const string Lower = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*";
    private const string TekkenExpression = Upper + "|" + Lower + @"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Gpt4oExpression = Upper + Contractions + "?|" + Lower + Contractions + @"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly GgufPreTokenizer _llama3 = new([Llama3Expression], IgnoresMerges: true, AddsBegin: true);
    private static readonly GgufPreTokenizer _qwen2 = new([Qwen2Expression], ComposesCharacters: true);
    private static readonly GgufPreTokenizer _gpt2 = new([Gpt2Expression]);

    private static readonly Dictionary<string, GgufPreTokenizer> _known = new(StringComparer.Ordinal)
    {
        ["llama-bpe"] = _llama3,
        ["llama3"] = _llama3,
        ["llama-v3"] = _llama3,
        ["dbrx"] = new([Llama3Expression]),
        ["qwen2"] = _qwen2,
        ["deepseek-r1-qwen"] = _qwen2,
        ["gpt-2"] = _gpt2,
        ["smollm"] = new([@"\p{N}", Gpt2Expression]),
        ["tekken"] = new([TekkenExpression], IgnoresMerges: true, AddsBegin: true),
        ["gpt-4o"] = new([Gpt4oExpression]),

        // llama.cpp's choice for files of before the name was kept.
        [DefaultName] = new([@"[\p{P}\$\+<=>\^~\|]+", Gpt2Expression, @"\p{N}+", "[0-9][0-9][0-9]"]),
    };

    /// <summary>Finds one.</summary>
    /// <exception cref="ModelLoadException">It is not known: another would give wrong tokens without a word.</exception>
    public static GgufPreTokenizer Of(string name, string modelId) => _known.GetValueOrDefault(name)
        ?? throw new ModelLoadException($"the GGUF file splits text by '{Shown.Name(name)}'; supported are {string.Join(", ", _known.Keys)}.", modelId);

    /// <summary>As <c>tokenizer.json</c> has it.</summary>
    public JsonObject ToJson() => new()
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray([.. Expressions.Select(ToSplit), ToByteLevel()]),
    };

    private static JsonObject ToSplit(string expression) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = expression },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };

    private static JsonObject ToByteLevel() => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = false, ["use_regex"] = false };
}
