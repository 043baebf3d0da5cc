namespace EdgeAI.Generation;

/// <summary>GGUF's tensor names in Hugging Face's terms. See llama.cpp's <c>gguf-py/gguf/tensor_mapping.py</c>.</summary>
internal static class GgufNames
{
    private const string BlockPrefix = "blk.";

    private static readonly Dictionary<string, string> _outer = new(StringComparer.Ordinal)
    {
        ["token_embd"] = "model.embed_tokens",
        ["output_norm"] = "model.norm",
        ["output"] = "lm_head",
    };

    private static readonly Dictionary<string, string> _inner = new(StringComparer.Ordinal)
    {
        ["attn_norm"] = "input_layernorm",
        ["attn_q"] = "self_attn.q_proj",
        ["attn_k"] = "self_attn.k_proj",
        ["attn_v"] = "self_attn.v_proj",
        ["attn_qkv"] = "self_attn.qkv_proj",
        ["attn_output"] = "self_attn.o_proj",
        ["attn_q_norm"] = "self_attn.q_norm",
        ["attn_k_norm"] = "self_attn.k_norm",
        ["ffn_norm"] = "post_attention_layernorm",
        ["ffn_gate"] = "mlp.gate_proj",
        ["ffn_up"] = "mlp.up_proj",
        ["ffn_down"] = "mlp.down_proj",
    };

    // Phi-3 keeps gate and up in one tensor, gate first.
    private static readonly Dictionary<string, string> _phi3 = new(_inner, StringComparer.Ordinal) { ["ffn_up"] = "mlp.gate_up_proj" };

    // Gemma 2 has norms on both sides of attention and feed-forward.
    private static readonly Dictionary<string, string> _gemma2 = new(_inner, StringComparer.Ordinal)
    {
        ["post_attention_norm"] = "post_attention_layernorm",
        ["ffn_norm"] = "pre_feedforward_layernorm",
        ["post_ffw_norm"] = "post_feedforward_layernorm",
    };

    /// <summary>Translates a name; one that is not known stays as it is.</summary>
    /// <param name="name">Such as <c>blk.3.attn_q.weight</c>.</param>
    /// <param name="architecture">As the file's metadata says.</param>
    public static string Translate(string name, string architecture)
    {
        var dot = name.LastIndexOf('.');
        if (dot < 0) return name;
        var (stem, suffix) = (name[..dot], name[dot..]);
        if (_outer.TryGetValue(stem, out var outer)) return outer + suffix;
        if (!stem.StartsWith(BlockPrefix, StringComparison.Ordinal)) return name;

        var layerEnd = stem.IndexOf('.', BlockPrefix.Length);
        if (layerEnd < 0) return name;
        var table = architecture switch { "phi3" => _phi3, "gemma2" => _gemma2, _ => _inner };
        return table.TryGetValue(stem[(layerEnd + 1)..], out var inner) ? $"model.layers.{stem[BlockPrefix.Length..layerEnd]}.{inner}{suffix}" : name;
    }
}
