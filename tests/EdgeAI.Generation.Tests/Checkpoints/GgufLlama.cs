namespace EdgeAI.Generation.Tests;

/// <summary>Writes a checkpoint of the Llama family as a GGUF file, as llama.cpp's converter and quantiser do.</summary>
internal static class GgufLlama
{
    /// <summary>Converts.</summary>
    /// <param name="source">A Llama-like model in Hugging Face's form.</param>
    /// <param name="format">Of matrices; those whose rows are no whole blocks, and norms, are kept as <see cref="WeightFormat.Float16"/> and <see cref="WeightFormat.Float32"/>.</param>
    public static GgufFile Convert(ICheckpoint source, WeightFormat format)
    {
        var config = source.Configuration;
        var (heads, keyValueHeads, hidden) = ((int)config["num_attention_heads"]!, (int)config["num_key_value_heads"]!, (int)config["hidden_size"]!);
        var file = new GgufFile()
            .With("general.architecture", "llama")
            .With("llama.context_length", (uint)(int)config["max_position_embeddings"]!)
            .With("llama.embedding_length", (uint)hidden)
            .With("llama.block_count", (uint)(int)config["num_hidden_layers"]!)
            .With("llama.feed_forward_length", (uint)(int)config["intermediate_size"]!)
            .With("llama.attention.head_count", (uint)heads)
            .With("llama.attention.head_count_kv", (uint)keyValueHeads)
            .With("llama.attention.layer_norm_rms_epsilon", (float)(double)config["rms_norm_eps"]!)
            .With("llama.rope.freq_base", (float)(double)config["rope_theta"]!)
            .With("llama.rope.dimension_count", (uint)(hidden / heads));
        foreach (var (name, weight) in source.Weights)
        {
            var values = new float[weight.Rows * weight.Columns];
            weight.ReadRows(0, values);
            if (name.Contains("q_proj", StringComparison.Ordinal)) values = InterleaveRows(values, heads, (int)weight.Columns);
            if (name.Contains("k_proj", StringComparison.Ordinal)) values = InterleaveRows(values, keyValueHeads, (int)weight.Columns);
            var kept = weight.Lengths.Length < 2 ? WeightFormat.Float32 : weight.Columns % format.BlockLength() != 0 ? WeightFormat.Float16 : format;
            file.Add(NameOf(name), values, weight.Lengths.ToArray(), kept);
        }

        return file;
    }

    /// <summary>[heads, 2, half] -> [heads, half, 2]: row j of the first half comes beside row j of the second.</summary>
    private static float[] InterleaveRows(float[] values, int heads, int columns)
    {
        var result = new float[values.Length];
        var headSize = values.Length / heads / columns;
        for (var head = 0; head < heads; head++)
        {
            for (var row = 0; row < headSize; row++)
            {
                var target = (2 * (row % (headSize / 2))) + (row / (headSize / 2));
                values.AsSpan(((head * headSize) + row) * columns, columns).CopyTo(result.AsSpan(((head * headSize) + target) * columns));
            }
        }

        return result;
    }

    private static string NameOf(string name) => name
        .Replace("model.layers.", "blk.", StringComparison.Ordinal)
        .Replace("model.embed_tokens", "token_embd", StringComparison.Ordinal)
        .Replace("model.norm", "output_norm", StringComparison.Ordinal)
        .Replace("lm_head", "output", StringComparison.Ordinal)
        .Replace("input_layernorm", "attn_norm", StringComparison.Ordinal)
        .Replace("post_attention_layernorm", "ffn_norm", StringComparison.Ordinal)
        .Replace("self_attn.o_proj", "attn_output", StringComparison.Ordinal)
        .Replace("self_attn.q_proj", "attn_q", StringComparison.Ordinal)
        .Replace("self_attn.k_proj", "attn_k", StringComparison.Ordinal)
        .Replace("self_attn.v_proj", "attn_v", StringComparison.Ordinal)
        .Replace("mlp.gate_proj", "ffn_gate", StringComparison.Ordinal)
        .Replace("mlp.up_proj", "ffn_up", StringComparison.Ordinal)
        .Replace("mlp.down_proj", "ffn_down", StringComparison.Ordinal);
}
