namespace EdgeAI.Generation;

/// <summary>Which tokens end an answer. A file names one or two; the others are known by their text.</summary>
internal static class GgufEndTokens
{
    private static readonly string[] _keys = ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"];
    private static readonly HashSet<string> _texts = new(StringComparer.Ordinal) { "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>", "<|endoftext|>", "<end_of_turn>" };

    /// <summary>Their ids, those that the file names first.</summary>
    public static IReadOnlyList<int> Find(GgufMetadata metadata)
    {
        var named = _keys.Select(metadata.FindCount).OfType<int>();
        var (texts, kinds) = (metadata.FindTexts("tokenizer.ggml.tokens"), metadata.FindIntegers("tokenizer.ggml.token_type"));
        if (texts is null || kinds is null) return [.. named.Distinct()];
        var known = Enumerable.Range(0, int.Min(texts.Length, kinds.Length)).Where(id => kinds[id] == GgufTokenKind.Control && _texts.Contains(texts[id]));
        return [.. named.Concat(known).Distinct()];
    }
}
