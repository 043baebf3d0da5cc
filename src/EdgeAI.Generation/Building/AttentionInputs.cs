using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>What all layers' attention takes besides queries, keys and values: lengths from the mask, and the rotary tables.</summary>
internal sealed class AttentionInputs
{
    private readonly GraphAssembler _graph;
    private readonly DecoderConfig _config;
    private readonly string _lastPositions;
    private readonly string _total;
    private readonly string _cosines;
    private readonly string _sines;

    public AttentionInputs(GraphAssembler graph, DecoderConfig config)
    {
        _graph = graph;
        _config = config;
        var filled = graph.Add("ReduceSum", "mask.filled", [DecoderGraph.AttentionMask, graph.Integers(1)], OnnxAttribute.Int("keepdims", 0));
        _lastPositions = ToInt32("mask.last_positions", graph.Add("Sub", "mask.filled_less_one", [filled, graph.Integer(1)]));
        _total = ToInt32("mask.total_length", graph.Add("Gather", "mask.length", [graph.Add("Shape", "mask.shape", [DecoderGraph.AttentionMask]), graph.Integer(1)]));
        var table = new RotaryTable(config.Rotary);
        _cosines = graph.Add(table.Cosines("rotary.cosines", config.ContextLength, config.Heads.Size / 2));
        _sines = graph.Add(table.Sines("rotary.sines", config.ContextLength, config.Heads.Size / 2));
    }

    /// <summary>Adds a layer's attention, which also writes its keys and values into the cache.</summary>
    public string Attend(string name, int layer, string query, string key, string value)
    {
        var attributes = new List<OnnxAttribute>
        {
            OnnxAttribute.Int("num_heads", _config.HeadCount),
            OnnxAttribute.Int("kv_num_heads", _config.KeyValueHeadCount),
            OnnxAttribute.Float("scale", _config.AttentionScale),
            OnnxAttribute.Int("do_rotary", 1),
            OnnxAttribute.Int("rotary_interleaved", 0),
        };
        if (_config.SlidingWindows[layer] is { } window) attributes.Add(OnnxAttribute.Int("local_window_size", window));
        if (_config.AttentionSoftCap is { } cap) attributes.Add(OnnxAttribute.Float("softcap", cap));
        return _graph.Add(
            OnnxDomains.Microsoft,
            "GroupQueryAttention",
            [name, $"present.{layer}.key", $"present.{layer}.value"],
            [query, key, value, $"past_key_values.{layer}.key", $"past_key_values.{layer}.value", _lastPositions, _total, _cosines, _sines],
            [.. attributes]);
    }

    private string ToInt32(string name, string value) => _graph.Add("Cast", name, [value], OnnxAttribute.Int("to", (int)TensorElementType.Int32));
}
