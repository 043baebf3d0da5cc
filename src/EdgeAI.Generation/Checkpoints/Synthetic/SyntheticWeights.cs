namespace EdgeAI.Generation;

/// <summary>The weights of a shape. Each projection keeps the size of what passes through it; those that add to the residual are smaller, so that it does not grow with the depth.</summary>
internal static class SyntheticWeights
{
    private const float NormRange = 0.25f;
    private const float BiasRange = 0.1f;

    public static IEnumerable<SyntheticWeight> Of(SyntheticShape shape, uint seed)
    {
        var (hidden, heads, keyValues) = (shape.Hidden, shape.Heads * shape.HeadSize, shape.KeyValueHeads * shape.HeadSize);
        var residual = 1 / MathF.Sqrt(2 * shape.Layers);
        yield return Projection("model.embed_tokens", shape.Vocabulary, hidden);
        yield return Norm("model.norm", hidden);
        if (!shape.TiesEmbeddings) yield return Projection("lm_head", shape.Vocabulary, hidden);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var attention = $"model.layers.{layer}.self_attn";
            var feedForward = $"model.layers.{layer}.mlp";
            foreach (var norm in NormsOf(shape.ModelType)) yield return Norm($"model.layers.{layer}.{norm}", hidden);
            if (shape.ModelType == "phi3")
            {
                yield return Projection($"{attention}.qkv_proj", heads + (2 * keyValues), hidden);
                yield return Projection($"{feedForward}.gate_up_proj", 2 * shape.FeedForward, hidden);
            }
            else
            {
                yield return Projection($"{attention}.q_proj", heads, hidden);
                yield return Projection($"{attention}.k_proj", keyValues, hidden);
                yield return Projection($"{attention}.v_proj", keyValues, hidden);
                yield return Projection($"{feedForward}.gate_proj", shape.FeedForward, hidden);
                yield return Projection($"{feedForward}.up_proj", shape.FeedForward, hidden);
            }

            yield return Projection($"{attention}.o_proj", hidden, heads, residual);
            yield return Projection($"{feedForward}.down_proj", hidden, shape.FeedForward, residual);
            if (shape.ModelType == "qwen2")
            {
                yield return Bias($"{attention}.q_proj", heads);
                yield return Bias($"{attention}.k_proj", keyValues);
                yield return Bias($"{attention}.v_proj", keyValues);
            }

            if (shape.ModelType == "qwen3")
            {
                yield return Norm($"{attention}.q_norm", shape.HeadSize);
                yield return Norm($"{attention}.k_norm", shape.HeadSize);
            }
        }

        // Uniform in +-r has the variance r^2 / 3; a sum over so many inputs then has that of one input.
        SyntheticWeight Projection(string name, int rows, int columns, float gain = 1) => new($"{name}.weight", seed, 0, gain * MathF.Sqrt(3f / columns), rows, columns);

        // Gemma multiplies by one more than the weight.
        SyntheticWeight Norm(string name, int length) => new($"{name}.weight", seed, shape.ModelType == "gemma2" ? 0 : 1, NormRange, length);

        SyntheticWeight Bias(string name, int length) => new($"{name}.bias", seed, 0, BiasRange, length);
    }

    private static string[] NormsOf(string modelType) => modelType == "gemma2"
        ? ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"]
        : ["input_layernorm", "post_attention_layernorm"];
}
