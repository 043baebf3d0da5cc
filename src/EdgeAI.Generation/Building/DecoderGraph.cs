using System.Collections.Immutable;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>
/// Writes a decoder as a graph that ONNX Runtime's CPU kernels run as it is, with the inputs and outputs of ONNX Runtime GenAI's builder and one more:
/// <c>logits_to_keep</c>, how many last positions get logits, 1 unless given.
/// </summary>
internal sealed class DecoderGraph
{
    public const string InputIds = "input_ids";
    public const string AttentionMask = "attention_mask";
    public const string LogitsToKeep = "logits_to_keep";
    public const string Logits = "logits";

    private const long Opset = 21;

    private static readonly string[] _cacheParts = ["key", "value"];

    private readonly DecoderConfig _config;
    private readonly DecoderWeights _weights;
    private readonly ProjectionFormats _formats;
    private readonly GraphAssembler _graph = new();

    private DecoderGraph(DecoderConfig config, DecoderWeights weights, ProjectionFormats formats)
    {
        _config = config;
        _weights = weights;
        _formats = formats;
    }

    public static OnnxModel Build(DecoderConfig config, DecoderWeights weights, ProjectionFormats formats) => new DecoderGraph(config, weights, formats).Build();

    private OnnxModel Build()
    {
        var (hidden, tied) = _formats.Embed(_graph, InputIds, _weights.Embedding, isShared: _weights.IsTied);
        if (_config.EmbeddingScale != 1) hidden = _graph.Add("Mul", "embeddings.scaled", [hidden, _graph.Scalar("embeddings.scale", _config.EmbeddingScale)]);
        var attention = new AttentionInputs(_graph, _config);
        var firstKept = _graph.Add("Neg", "first_kept", [_graph.Add(OnnxTensor.Create<long>(LogitsToKeep, [1], 1))]);

        var (normed, residual) = (Norm("layers.0.attention_norm", hidden, _weights.Layers[0].AttentionNorm), hidden);
        for (var layer = 0; layer < _config.LayerCount; layer++)
        {
            var weights = _weights.Layers[layer];
            var name = $"layers.{layer}.";
            var attended = Attend(name + "attention.", normed, weights, attention, layer);

            // Past the last attention, positions without logits are of no use.
            if (layer == _config.LayerCount - 1) (attended, residual) = (Keep(name + "attention.kept", attended, firstKept), Keep(name + "residual.kept", residual, firstKept));
            var output = Project(layer, name + "attention.output", attended, weights.AttentionOutput);
            if (weights.AfterAttentionNorm is { } afterAttention) output = Norm(name + "attention.output_norm", output, afterAttention);
            (normed, residual) = AddAndNorm(name + "feed_forward_norm", residual, output, weights.FeedForwardNorm);

            output = FeedForward(name + "feed_forward.", normed, weights, layer);
            if (weights.AfterFeedForwardNorm is { } afterFeedForward) output = Norm(name + "feed_forward.output_norm", output, afterFeedForward);
            (normed, residual) = layer + 1 < _config.LayerCount
                ? AddAndNorm($"layers.{layer + 1}.attention_norm", residual, output, _weights.Layers[layer + 1].AttentionNorm)
                : AddAndNorm("final_norm", residual, output, _weights.FinalNorm);
        }

        ProjectOutput(normed, tied);
        return new OnnxModel(_graph.ToGraph("decoder", Inputs(), Outputs()), Opset, new OnnxOpsetImport(OnnxDomains.Microsoft, 1)) { ProducerName = "EdgeAI" };
    }

    private string Attend(string name, string normed, LayerWeights weights, AttentionInputs attention, int layer)
    {
        string query = Project(layer, name + (weights.Key is null ? "query_key_value" : "query"), normed, weights.Query), key = "", value = "";
        if (weights.Key is not null)
        {
            key = Project(layer, name + "key", normed, weights.Key);
            value = Project(layer, name + "value", normed, weights.Value!);
        }

        if (weights.QueryNorm is not null) query = HeadNorm(name + "query_norm", query, weights.QueryNorm, _config.HeadCount * _config.HeadSize);
        if (weights.KeyNorm is not null) key = HeadNorm(name + "key_norm", key, weights.KeyNorm, _config.KeyValueHeadCount * _config.HeadSize);
        return attention.Attend(name + "attended", layer, query, key, value);
    }

    private string FeedForward(string name, string normed, LayerWeights weights, int layer)
    {
        var both = Project(layer, name + "gate_up", normed, weights.GateUp);
        _graph.Add(OnnxDomains.Onnx, "Split", [name + "gate", name + "up"], [both], OnnxAttribute.Int("axis", -1), OnnxAttribute.Int("num_outputs", 2));
        var gated = _graph.Add("Mul", name + "gated", [Activate(name, name + "gate"), name + "up"]);
        return Project(layer, name + "down", gated, weights.Down);
    }

    private string Activate(string name, string gate) => _config.Activation switch
    {
        Activation.Silu => _graph.Add("Mul", name + "activated", [gate, _graph.Add("Sigmoid", name + "sigmoid", [gate])]),
        Activation.Gelu => _graph.Add("Gelu", name + "activated", [gate]),
        _ => _graph.Add("Gelu", name + "activated", [gate], OnnxAttribute.String("approximate", "tanh")),
    };

    private void ProjectOutput(string normed, TiedProjection? tied)
    {
        var isCapped = _config.LogitSoftCap is not null;
        var name = isCapped ? "logits.uncapped" : Logits;
        var logits = tied is not null ? tied(name, normed) : _formats.Output.Project(_graph, name, normed, new Projection(_weights.Output, null));
        if (_config.LogitSoftCap is not { } cap) return;
        var limit = _graph.Scalar("logits.cap", cap);
        _graph.Add("Mul", Logits, [_graph.Add("Tanh", "logits.tanh", [_graph.Add("Div", "logits.divided", [logits, limit])]), limit]);
    }

    private string Project(int layer, string name, string input, Projection projection) => _formats.OfLayer(layer).Project(_graph, name, input, projection);

    private string Keep(string name, string value, string firstKept) => _graph.Add("Slice", name, [value, firstKept, _graph.Integers(long.MaxValue), _graph.Integers(1)]);

    private string Norm(string name, string input, float[] weight) =>
        _graph.Add("SimplifiedLayerNormalization", name, [input, _graph.Add(name + ".weight", weight)], OnnxAttribute.Int("axis", -1), OnnxAttribute.Float("epsilon", _config.NormEpsilon), OnnxAttribute.Int("stash_type", 1));

    /// <summary>Adds to the residual and normalises the sum.</summary>
    private (string Normed, string Residual) AddAndNorm(string name, string residual, string addend, float[] weight)
    {
        var sum = name + ".sum";
        _graph.Add(OnnxDomains.Microsoft, "SkipSimplifiedLayerNormalization", [name, "", "", sum], [residual, addend, _graph.Add(name + ".weight", weight)], OnnxAttribute.Float("epsilon", _config.NormEpsilon));
        return (name, sum);
    }

    private string HeadNorm(string name, string input, float[] weight, int size)
    {
        var heads = _graph.Add("Reshape", name + ".heads", [input, _graph.Integers(0, -1, _config.HeadSize)]);
        return _graph.Add("Reshape", name + ".flat", [Norm(name, heads, weight), _graph.Integers(0, -1, size)]);
    }

    private ImmutableArray<OnnxValueInfo> Inputs() =>
    [
        OnnxValueInfo.Tensor(InputIds, TensorElementType.Int64, "batch_size", "sequence_length"),
        OnnxValueInfo.Tensor(AttentionMask, TensorElementType.Int64, "batch_size", "total_sequence_length"),
        .. Enumerable.Range(0, _config.LayerCount).SelectMany(layer => Cache("past_key_values", layer, "past_sequence_length")),
        OnnxValueInfo.Tensor(LogitsToKeep, TensorElementType.Int64, 1),
    ];

    private ImmutableArray<OnnxValueInfo> Outputs() =>
    [
        OnnxValueInfo.Tensor(Logits, TensorElementType.Float32, "batch_size", "kept_length", _config.VocabularySize),
        .. Enumerable.Range(0, _config.LayerCount).SelectMany(layer => Cache("present", layer, "present_sequence_length")),
    ];

    private IEnumerable<OnnxValueInfo> Cache(string name, int layer, string length) => _cacheParts.Select(part =>
        OnnxValueInfo.Tensor($"{name}.{layer}.{part}", TensorElementType.Float32, "batch_size", _config.KeyValueHeadCount, length, _config.Heads.Size));
}
