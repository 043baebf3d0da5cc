namespace EdgeAI.Generation.Tests.Building;

/// <summary>
/// A decoder in double precision, written down from the published descriptions of the families and from nothing else: every position is computed anew, with no cache,
/// no packing and no trick.
/// </summary>
internal sealed record ReferenceDecoder
{
    public required int Hidden { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int KeyValueHeads { get; init; }

    public required int HeadSize { get; init; }

    public required int FeedForward { get; init; }

    public required int Vocabulary { get; init; }

    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Elements of a head that turn.</summary>
    public int? RotarySize { get; init; }

    /// <summary>The angle of a pair per position, by position and pair.</summary>
    public Func<int, int, double>? Frequency { get; init; }

    public double RotaryAmplitude { get; init; } = 1;

    public bool HasQueryKeyValueBias { get; init; }

    public bool HasAttentionOutputBias { get; init; }

    public bool HasFeedForwardBias { get; init; }

    public bool HasQueryKeyNorms { get; init; }

    public bool IsPacked { get; init; }

    public bool IsTied { get; init; }

    /// <summary>Norms before and after, weights stored less one, embeddings scaled, GELU.</summary>
    public bool IsGemma { get; init; }

    public double? AttentionDivisor { get; init; }

    public double? AttentionCap { get; init; }

    public double? LogitCap { get; init; }

    /// <summary>What a projection's input is rounded to before it is multiplied, by the weight's name; nothing unless given.</summary>
    public Func<string, double[], double[]>? Round { get; init; }

    /// <summary>How many positions a layer sees, its own included.</summary>
    public Func<int, int?> Window { get; init; } = _ => null;

    /// <summary>Names and shapes of the weights in Hugging Face's terms.</summary>
    public IEnumerable<(string Name, int[] Lengths)> Shapes()
    {
        var (query, keyValue) = (Heads * HeadSize, KeyValueHeads * HeadSize);
        yield return ("model.embed_tokens.weight", [Vocabulary, Hidden]);
        if (!IsTied) yield return ("lm_head.weight", [Vocabulary, Hidden]);
        yield return ("model.norm.weight", [Hidden]);
        for (var layer = 0; layer < Layers; layer++)
        {
            var name = $"model.layers.{layer}.";
            yield return (name + "input_layernorm.weight", [Hidden]);
            yield return (name + "post_attention_layernorm.weight", [Hidden]);
            if (IsGemma)
            {
                yield return (name + "pre_feedforward_layernorm.weight", [Hidden]);
                yield return (name + "post_feedforward_layernorm.weight", [Hidden]);
            }

            if (IsPacked)
            {
                yield return (name + "self_attn.qkv_proj.weight", [query + 2 * keyValue, Hidden]);
                yield return (name + "mlp.gate_up_proj.weight", [2 * FeedForward, Hidden]);
            }
            else
            {
                foreach (var (part, rows) in new[] { ("q", query), ("k", keyValue), ("v", keyValue) })
                {
                    yield return ($"{name}self_attn.{part}_proj.weight", [rows, Hidden]);
                    if (HasQueryKeyValueBias) yield return ($"{name}self_attn.{part}_proj.bias", [rows]);
                }

                foreach (var part in new[] { "gate", "up" })
                {
                    yield return ($"{name}mlp.{part}_proj.weight", [FeedForward, Hidden]);
                    if (HasFeedForwardBias) yield return ($"{name}mlp.{part}_proj.bias", [FeedForward]);
                }
            }

            yield return (name + "self_attn.o_proj.weight", [Hidden, query]);
            if (HasAttentionOutputBias) yield return (name + "self_attn.o_proj.bias", [Hidden]);
            yield return (name + "mlp.down_proj.weight", [Hidden, FeedForward]);
            if (HasFeedForwardBias) yield return (name + "mlp.down_proj.bias", [Hidden]);
            if (HasQueryKeyNorms)
            {
                yield return (name + "self_attn.q_norm.weight", [HeadSize]);
                yield return (name + "self_attn.k_norm.weight", [HeadSize]);
            }
        }
    }

    /// <summary>Logits of every position, by position and token.</summary>
    /// <param name="tokens">The prompt.</param>
    /// <param name="weights">By their names; <c>lm_head.weight</c> is asked for in any case.</param>
    /// <param name="keep">What becomes of keys and values that are kept: given the layer, whether they are keys, and those of one position; <see langword="null"/>: nothing.</param>
    public double[][] Run(int[] tokens, Func<string, float[]> weights, Func<int, bool, double[], double[]>? keep = null)
    {
        var embedding = weights("model.embed_tokens.weight");
        var scale = IsGemma ? Math.Sqrt(Hidden) : 1;
        var states = tokens.Select(token => Enumerable.Range(0, Hidden).Select(i => embedding[token * Hidden + i] * scale).ToArray()).ToArray();
        for (var layer = 0; layer < Layers; layer++)
        {
            var name = $"model.layers.{layer}.";
            double[]? Bias(string part, bool has) => has ? [.. weights(name + part + ".bias").Select(value => (double)value)] : null;
            double[] Weights(string part) => Doubles(name + part + ".weight");
            double[] Project(string part, double[] input, bool hasBias) => Multiply(Weights(part), Rounded(name + part + ".weight", input), Bias(part, hasBias));

            var normed = states.Select(state => Norm(state, Weights("input_layernorm"))).ToArray();
            double[][] q, k, v;
            if (IsPacked)
            {
                var both = normed.Select(state => Project("self_attn.qkv_proj", state, false)).ToArray();
                var (query, keyValue) = (Heads * HeadSize, KeyValueHeads * HeadSize);
                q = [.. both.Select(row => row[..query])];
                k = [.. both.Select(row => row[query..(query + keyValue)])];
                v = [.. both.Select(row => row[(query + keyValue)..])];
            }
            else
            {
                q = [.. normed.Select(state => Project("self_attn.q_proj", state, HasQueryKeyValueBias))];
                k = [.. normed.Select(state => Project("self_attn.k_proj", state, HasQueryKeyValueBias))];
                v = [.. normed.Select(state => Project("self_attn.v_proj", state, HasQueryKeyValueBias))];
            }

            for (var position = 0; position < tokens.Length; position++)
            {
                q[position] = Turn(q[position], position, HasQueryKeyNorms ? Weights("self_attn.q_norm") : null);
                k[position] = Turn(k[position], position, HasQueryKeyNorms ? Weights("self_attn.k_norm") : null);
                if (keep is not null) (k[position], v[position]) = (keep(layer, true, k[position]), keep(layer, false, v[position]));
            }

            var attended = Attend(q, k, v, Window(layer));
            for (var position = 0; position < tokens.Length; position++)
            {
                var output = Project("self_attn.o_proj", attended[position], HasAttentionOutputBias);
                if (IsGemma) output = Norm(output, Weights("post_attention_layernorm"));
                var state = states[position] = Add(states[position], output);
                var inner = Norm(state, Weights(IsGemma ? "pre_feedforward_layernorm" : "post_attention_layernorm"));
                double[] gate, up;
                if (IsPacked)
                {
                    var both = Project("mlp.gate_up_proj", inner, false);
                    (gate, up) = (both[..FeedForward], both[FeedForward..]);
                }
                else
                {
                    gate = Project("mlp.gate_proj", inner, HasFeedForwardBias);
                    up = Project("mlp.up_proj", inner, HasFeedForwardBias);
                }

                var gated = gate.Zip(up, (g, u) => Activate(g) * u).ToArray();
                output = Project("mlp.down_proj", gated, HasFeedForwardBias);
                if (IsGemma) output = Norm(output, Weights("post_feedforward_layernorm"));
                states[position] = Add(state, output);
            }
        }

        var head = Doubles("lm_head.weight");
        return [.. states.Select(state => Multiply(head, Rounded("lm_head.weight", Norm(state, Doubles("model.norm.weight"))), null).Select(logit => LogitCap is { } cap ? cap * Math.Tanh(logit / cap) : logit).ToArray())];

        double[] Doubles(string name) => [.. weights(name).Select(value => (double)value)];
        double[] Rounded(string name, double[] input) => Round is null ? input : Round(name, input);
    }

    private double[][] Attend(double[][] q, double[][] k, double[][] v, int? window)
    {
        var result = q.Select(row => new double[row.Length]).ToArray();
        for (var position = 0; position < q.Length; position++)
        {
            for (var head = 0; head < Heads; head++)
            {
                var shared = head / (Heads / KeyValueHeads);
                var first = window is { } length ? Math.Max(0, position - length + 1) : 0;
                var scores = new double[position + 1 - first];
                for (var other = first; other <= position; other++)
                {
                    double dot = 0;
                    for (var i = 0; i < HeadSize; i++) dot += q[position][head * HeadSize + i] * k[other][shared * HeadSize + i];
                    dot /= Math.Sqrt(AttentionDivisor ?? HeadSize);
                    scores[other - first] = AttentionCap is { } cap ? cap * Math.Tanh(dot / cap) : dot;
                }

                var largest = scores.Max();
                var weights = scores.Select(score => Math.Exp(score - largest)).ToArray();
                var sum = weights.Sum();
                for (var other = first; other <= position; other++)
                {
                    for (var i = 0; i < HeadSize; i++) result[position][head * HeadSize + i] += weights[other - first] / sum * v[other][shared * HeadSize + i];
                }
            }
        }

        return result;
    }

    private double[] Turn(double[] heads, int position, double[]? norm)
    {
        var turned = (double[])heads.Clone();
        var size = RotarySize ?? HeadSize;
        for (var start = 0; start < heads.Length; start += HeadSize)
        {
            if (norm is not null) Norm(heads[start..(start + HeadSize)], norm).CopyTo(turned, start);
            for (var pair = 0; pair < size / 2; pair++)
            {
                var angle = position * (Frequency?.Invoke(position, pair) ?? Math.Pow(10_000, -2.0 * pair / size));
                var (sin, cos) = (RotaryAmplitude * Math.Sin(angle), RotaryAmplitude * Math.Cos(angle));
                var (a, b) = (turned[start + pair], turned[start + size / 2 + pair]);
                turned[start + pair] = a * cos - b * sin;
                turned[start + size / 2 + pair] = b * cos + a * sin;
            }
        }

        return turned;
    }

    private double[] Norm(double[] values, double[] weight)
    {
        var root = Math.Sqrt(values.Sum(value => value * value) / values.Length + Epsilon);
        return [.. values.Zip(weight, (value, w) => value / root * (IsGemma ? 1 + w : w))];
    }

    private double Activate(double x) => IsGemma ? 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) : x / (1 + Math.Exp(-x));

    private static double[] Multiply(double[] matrix, double[] vector, double[]? bias)
    {
        var result = bias is null ? new double[matrix.Length / vector.Length] : (double[])bias.Clone();
        for (var row = 0; row < result.Length; row++)
        {
            for (var i = 0; i < vector.Length; i++) result[row] += matrix[row * vector.Length + i] * vector[i];
        }

        return result;
    }

    private static double[] Add(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a + b)];
}
