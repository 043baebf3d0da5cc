namespace EdgeAI.Generation;

/// <summary>Takes the weights that a configuration asks for from a checkpoint. Reports all that are missing, too many or of another shape at once.</summary>
internal sealed class WeightReader
{
    // A list of every tensor of a wrong checkpoint helps nobody.
    private const int MostProblems = 20;

    private readonly ICheckpoint _checkpoint;
    private readonly DecoderConfig _config;
    private readonly HeadLayout _heads;
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    private WeightReader(ICheckpoint checkpoint, DecoderConfig config)
    {
        _checkpoint = checkpoint;
        _config = config;
        _heads = config.Heads;
    }

    /// <summary>Finds all weights; reads only the small ones.</summary>
    /// <exception cref="ModelLoadException">The checkpoint does not fit its configuration: names every problem.</exception>
    public static DecoderWeights Read(ICheckpoint checkpoint, DecoderConfig config) => new WeightReader(checkpoint, config).Read();

    private DecoderWeights Read()
    {
        var embedding = Matrix("model.embed_tokens.weight", _config.VocabularySize, _config.HiddenSize);
        var isTied = _config.TiesEmbeddings ?? !_checkpoint.Weights.ContainsKey("lm_head.weight");

        // Some checkpoints of tied models store the embedding twice.
        if (isTied) _taken.Add("lm_head.weight");
        var output = isTied ? embedding : Matrix("lm_head.weight", _config.VocabularySize, _config.HiddenSize);
        var norm = Norm("model.norm.weight", _config.HiddenSize);
        var layers = Enumerable.Range(0, _config.LayerCount).Select(layer => ReadLayer($"model.layers.{layer}.")).ToArray();
        NoteUnused();
        if (_problems.Count == 0) return new DecoderWeights(embedding!, output!, norm!, layers!);

        var rest = _problems.Count > MostProblems ? $"; and {_problems.Count - MostProblems} more" : "";
        throw new ModelLoadException($"the weights do not fit config.json: {string.Join("; ", _problems.Take(MostProblems))}{rest}.", _checkpoint.Location);
    }

    private LayerWeights? ReadLayer(string prefix)
    {
        var (attention, feedForward) = (prefix + "self_attn.", prefix + "mlp.");
        var (hidden, inner) = (_config.HiddenSize, _config.FeedForwardSize);
        var (query, keyValue) = (_config.HeadCount * _config.HeadSize, _config.KeyValueHeadCount * _config.HeadSize);
        var hasTwo = _config.Norms == NormPlacement.BeforeAndAfter;
        var attentionNorm = Norm(prefix + "input_layernorm.weight", hidden);
        var afterAttention = hasTwo ? Norm(prefix + "post_attention_layernorm.weight", hidden) : null;
        var feedForwardNorm = Norm(prefix + (hasTwo ? "pre_feedforward_layernorm.weight" : "post_attention_layernorm.weight"), hidden);
        var afterFeedForward = hasTwo ? Norm(prefix + "post_feedforward_layernorm.weight", hidden) : null;

        var bias = _config.HasQueryKeyValueBias;
        Projection? q, k = null, v = null, gateUp;
        if (_config.IsPacked)
        {
            q = ProjectHeads(attention + "qkv_proj", query + 2 * keyValue, bias, turns: true);
            gateUp = Project(feedForward + "gate_up_proj", 2 * inner, hidden, _config.HasFeedForwardBias);
        }
        else
        {
            q = ProjectHeads(attention + "q_proj", query, bias, turns: true);
            k = ProjectHeads(attention + "k_proj", keyValue, bias, turns: true);
            v = ProjectHeads(attention + "v_proj", keyValue, bias, turns: false);
            var gate = Project(feedForward + "gate_proj", inner, hidden, _config.HasFeedForwardBias);
            var up = Project(feedForward + "up_proj", inner, hidden, _config.HasFeedForwardBias);
            gateUp = Stack(gate, up);

            // A norm on the heads needs query and key apart.
            if (!_config.HasQueryKeyNorms) (q, k, v) = (Stack(q, k, v), null, null);
        }

        var queryNorm = _config.HasQueryKeyNorms ? Norm(attention + "q_norm.weight", _config.HeadSize) : null;
        var keyNorm = _config.HasQueryKeyNorms ? Norm(attention + "k_norm.weight", _config.HeadSize) : null;
        var attentionOutput = ProjectFromHeads(attention + "o_proj", query, _config.HasAttentionOutputBias);
        var down = Project(feedForward + "down_proj", hidden, inner, _config.HasFeedForwardBias);
        _taken.Add(attention + "rotary_emb.inv_freq");
        if (_problems.Count > 0) return null;
        return new LayerWeights(attentionNorm!, q!, k, v, queryNorm, keyNorm, attentionOutput!, afterAttention, feedForwardNorm!, gateUp!, down!, afterFeedForward);
    }

    private Projection? Project(string name, int rows, int columns, bool hasBias) =>
        Join(Matrix(name + ".weight", rows, columns), hasBias, hasBias ? Vector(name + ".bias", rows) : null);

    /// <summary>A projection to heads, put in the graph's order.</summary>
    private Projection? ProjectHeads(string name, int rows, bool hasBias, bool turns)
    {
        var isInterleaved = turns && _checkpoint.HasInterleavedRotaryRows;
        if (_heads.IsPlain && !isInterleaved) return Project(name, rows, _config.HiddenSize, hasBias);
        var map = _heads.Map(isInterleaved);
        var weight = Take(name + ".weight", rows, _config.HiddenSize);
        var bias = hasBias ? Vector(name + ".bias", rows) : null;
        return Join(weight is null ? null : MatrixRows.OfHeads(weight, map, _config.HeadSize), hasBias, bias is null ? null : Arrange(bias, map));
    }

    private Projection? ProjectFromHeads(string name, int columns, bool hasBias)
    {
        if (_heads.IsPlain) return Project(name, _config.HiddenSize, columns, hasBias);
        var weight = Take(name + ".weight", _config.HiddenSize, columns);
        return Join(weight is null ? null : MatrixRows.OfHeadColumns(weight, _heads.Map(isInterleaved: false), _config.HeadSize), hasBias, hasBias ? Vector(name + ".bias", _config.HiddenSize) : null);
    }

    private static Projection? Join(MatrixRows? matrix, bool hasBias, float[]? bias) => matrix is null || (hasBias && bias is null) ? null : new Projection(matrix, bias);

    private float[] Arrange(float[] values, int[] map)
    {
        var heads = new HeadMap(map, _config.HeadSize);
        var arranged = new float[heads.Expand(values.Length)];
        heads.Arrange(values, arranged);
        return arranged;
    }

    private static Projection? Stack(params Projection?[] projections) => projections.Any(projection => projection is null)
        ? null
        : new Projection(MatrixRows.Stack([.. projections.Select(projection => projection!.Matrix)]), projections[0]!.Bias is null ? null : [.. projections.SelectMany(projection => projection!.Bias!)]);

    private MatrixRows? Matrix(string name, int rows, int columns) => Take(name, rows, columns) is { } weight ? MatrixRows.Of(weight) : null;

    private float[]? Norm(string name, int length)
    {
        var values = Vector(name, length);
        if (values is not null && _config.NormOffset != 0) for (var i = 0; i < values.Length; i++) values[i] += _config.NormOffset;
        return values;
    }

    private float[]? Vector(string name, int length)
    {
        if (Take(name, length) is not { } weight) return null;
        var values = new float[length];
        weight.ReadRows(0, values);
        return values;
    }

    private Weight? Take(string name, params ReadOnlySpan<long> lengths)
    {
        _taken.Add(name);
        if (!_checkpoint.Weights.TryGetValue(name, out var weight))
        {
            _problems.Add($"{name} is missing");
            return null;
        }

        if (weight.Lengths.SequenceEqual(lengths)) return weight;
        _problems.Add($"{name} is [{string.Join(", ", weight.Lengths.ToArray())}]; expected [{string.Join(", ", lengths.ToArray())}]");
        return null;
    }

    private void NoteUnused()
    {
        foreach (var name in _checkpoint.Weights.Keys.Where(name => !_taken.Contains(name)).Order(StringComparer.Ordinal)) _problems.Add($"{name} is not part of this architecture");
    }
}
