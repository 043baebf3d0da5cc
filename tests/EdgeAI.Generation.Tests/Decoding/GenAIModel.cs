using System.Text.Json.Nodes;
using EdgeAI.Generation.Tests.Building;
using EdgeAI.Onnx;

namespace EdgeAI.Generation.Tests;

/// <summary>
/// Writes a small Llama into a folder as ONNX Runtime GenAI's model builder does (its <c>builders/base.py</c>, August 2026): the names of nodes and weights, constants as nodes, the
/// attributes, the subgraph for the mask, every initializer in the second file, and the whole of <c>genai_config.json</c>. Shares no code with our own builder.
/// </summary>
internal sealed class GenAIModel(SmallModel model, GenAIModelOptions options)
{
    public const int Context = 64;

    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _initializers = [];
    private readonly HashSet<string> _constants = [];
    private readonly ReferenceDecoder _shape = model.Reference;

    private TensorElementType FloatType => options.IsHalf ? TensorElementType.Float16 : TensorElementType.Float32;

    public static void Write(SmallModel model, string folder, GenAIModelOptions options)
    {
        Directory.CreateDirectory(folder);
        var writer = new GenAIModel(model, options);
        OnnxWriter.Write(writer.Build(), Path.Combine(folder, "model.onnx"), new() { ExternalDataThreshold = 1 });
        File.WriteAllText(Path.Combine(folder, "genai_config.json"), writer.Configuration().ToJsonString());
    }

    private OnnxModel Build()
    {
        Initializer("model.embed_tokens.weight", model.ValuesOf("model.embed_tokens.weight"), _shape.Vocabulary, _shape.Hidden);
        Node("Gather", "/model/embed_tokens/Gather", ["model.embed_tokens.weight", "input_ids"]);
        MakeMask();
        MakeRotaryTables();

        var (root, skip, normed) = ("/model/embed_tokens/Gather/output_0", "", "");
        for (var layer = 0; layer < _shape.Layers; layer++)
        {
            (normed, root) = MakeNorm(layer, "input", $"model.layers.{layer}.input_layernorm.weight", root, skip);
            MakeAttention(layer, normed);
            (normed, root) = MakeNorm(layer, "post_attention", $"model.layers.{layer}.post_attention_layernorm.weight", root, $"/model/layers.{layer}/attn/o_proj/MatMul/output_0");
            MakeFeedForward(layer, normed);
            skip = $"/model/layers.{layer}/mlp/down_proj/MatMul/output_0";
        }

        (normed, _) = MakeNorm(_shape.Layers, "final_norm", "model.norm.weight", root, skip, isLast: true);
        MakeHead(normed);
        return new OnnxModel(new OnnxGraph("main_graph", [.. _nodes], [.. Inputs()], [.. Outputs()], [.. _initializers]), 21, new OnnxOpsetImport(OnnxDomains.Microsoft, 1)) { IrVersion = 10, ProducerName = "onnxruntime-genai" };
    }

    private void MakeMask()
    {
        const string Name = "/model/attn_mask_reformat/attn_mask_subgraph";
        Node("ReduceSum", $"{Name}/ReduceSum", ["attention_mask", Constant([1])], OnnxAttribute.Int("keepdims", 0));
        Node("Sub", $"{Name}/Sub", [$"{Name}/ReduceSum/output_0", Constant([1])]);
        Node("Cast", $"{Name}/Sub/Cast", [$"{Name}/Sub/output_0"], OnnxAttribute.Int("to", (int)TensorElementType.Int32));
        Node("Shape", $"{Name}/Shape", ["attention_mask"]);
        Node("Gather", $"{Name}/Gather", [$"{Name}/Shape/output_0", Constant(1)], OnnxAttribute.Int("axis", 0));
        Node("Cast", $"{Name}/Gather/Cast", [$"{Name}/Gather/output_0"], OnnxAttribute.Int("to", (int)TensorElementType.Int32));
    }

    /// <summary>One pair of tables, or two for longrope, of which a node chooses by the mask's length.</summary>
    private void MakeRotaryTables()
    {
        if (options.LongRope is not { } longRope)
        {
            _initializers.Add(Table("cos_cache", Context, Math.Cos, _ => 1));
            _initializers.Add(Table("sin_cache", Context, Math.Sin, _ => 1));
            return;
        }

        OnnxGraph Branch(string kind, int rows, Func<int, double> factors)
        {
            OnnxNode Cache(string name, Func<double, double> function) =>
                new("Constant", [], [$"{name}_cache_{kind}"], OnnxAttribute.Tensor("value", Table("", rows, function, factors))) { Name = $"/{kind}/{name}_cache/Constant" };
            OnnxValueInfo Output(string name) => OnnxValueInfo.Tensor($"{name}_cache_{kind}", FloatType, rows, _shape.HeadSize / 2);
            return new OnnxGraph($"{kind}_rope_caches_graph", [Cache("cos", Math.Cos), Cache("sin", Math.Sin)], [], [Output("cos"), Output("sin")]);
        }

        Node("Greater", "/model/rope_caches_subgraph/Greater", ["/model/attn_mask_reformat/attn_mask_subgraph/Gather/output_0", Constant(longRope.Original)]);
        _nodes.Add(new OnnxNode(
            "If", ["/model/rope_caches_subgraph/Greater/output_0"], ["cos_cache", "sin_cache"],
            OnnxAttribute.Graph("then_branch", Branch("large", Context, longRope.LongFactor)), OnnxAttribute.Graph("else_branch", Branch("small", longRope.Original, longRope.ShortFactor)))
        {
            Name = "/model/rope_caches_subgraph/If",
        });
    }

    private OnnxTensor Table(string name, int rows, Func<double, double> function, Func<int, double> factors)
    {
        var half = _shape.HeadSize / 2;
        var values = Enumerable.Range(0, rows * half).Select(i => (float)function(i / half * Math.Pow(10_000, -2.0 * (i % half) / _shape.HeadSize) / factors(i % half))).ToArray();
        return Tensor(name, values, rows, half);
    }

    private (string Normed, string Root) MakeNorm(int layer, string location, string weight, string root, string skip, bool isLast = false)
    {
        var name = $"/model/layers.{layer}/{location}_layernorm";
        var own = $"model.layers.{layer}.{location}_layernorm.weight";
        Initializer(own, model.ValuesOf(weight), _shape.Hidden);
        var epsilon = OnnxAttribute.Float("epsilon", (float)_shape.Epsilon);
        if (skip.Length == 0)
        {
            _nodes.Add(new OnnxNode("SimplifiedLayerNormalization", [root, own], [name + "/output_0"], epsilon, OnnxAttribute.Int("axis", -1), OnnxAttribute.Int("stash_type", 1)) { Name = name + "/LayerNorm" });
            return (name + "/output_0", root);
        }

        string[] outputs = isLast ? [name + "/output_0"] : [name + "/output_0", "", "", name + "/output_3"];
        _nodes.Add(new OnnxNode("SkipSimplifiedLayerNormalization", [root, skip, own], [.. outputs], epsilon) { Name = name + "/SkipLayerNorm", Domain = OnnxDomains.Microsoft });
        return (name + "/output_0", name + "/output_3");
    }

    private void MakeAttention(int layer, string normed)
    {
        var (name, source) = ($"/model/layers.{layer}/attn", $"model.layers.{layer}.self_attn");
        var (query, keyValue) = (_shape.Heads * _shape.HeadSize, _shape.KeyValueHeads * _shape.HeadSize);
        string q, k = "", v = "";
        if (options.IsPacked)
        {
            q = MatMul($"{name}/qkv_proj/MatMul", normed, [.. "qkv".SelectMany(part => model.ValuesOf($"{source}.{part}_proj.weight"))], query + 2 * keyValue);
            if (_shape.HasQueryKeyValueBias) q = AddBias($"{name}/qkv_proj/Add", q, [.. "qkv".SelectMany(part => model.ValuesOf($"{source}.{part}_proj.bias"))]);
        }
        else
        {
            string Part(string part, int rows)
            {
                var product = MatMul($"{name}/{part}_proj/MatMul", normed, model.ValuesOf($"{source}.{part}_proj.weight"), rows);
                return _shape.HasQueryKeyValueBias ? AddBias($"{name}/{part}_proj/Add", product, model.ValuesOf($"{source}.{part}_proj.bias")) : product;
            }

            (q, k, v) = (Part("q", query), Part("k", keyValue), Part("v", keyValue));
        }

        if (options.HasPositions)
        {
            string Turn(string part, string input)
            {
                Microsoft("RotaryEmbedding", $"{name}/{part}_rotary/RotaryEmbedding", [input, "position_ids", "cos_cache", "sin_cache"],
                    OnnxAttribute.Int("interleaved", 0), OnnxAttribute.Int("num_heads", 0), OnnxAttribute.Int("rotary_embedding_dim", 0));
                return $"{name}/{part}_rotary/RotaryEmbedding/output_0";
            }

            (q, k) = (Turn("q", q), Turn("k", k));
        }

        const string Mask = "/model/attn_mask_reformat/attn_mask_subgraph";
        var (cos, sin) = options.HasPositions ? ("", "") : ("cos_cache", "sin_cache");
        _nodes.Add(new OnnxNode(
            "GroupQueryAttention",
            [q, k, v, $"past_key_values.{layer}.key", $"past_key_values.{layer}.value", $"{Mask}/Sub/Cast/output_0", $"{Mask}/Gather/Cast/output_0", cos, sin, "", "", ""],
            [$"{name}/GroupQueryAttention/output_0", $"present.{layer}.key", $"present.{layer}.value"],
            OnnxAttribute.Int("num_heads", _shape.Heads), OnnxAttribute.Int("kv_num_heads", _shape.KeyValueHeads), OnnxAttribute.Float("scale", (float)(1 / Math.Sqrt(_shape.HeadSize))),
            OnnxAttribute.Int("local_window_size", _shape.Window(layer) ?? -1), OnnxAttribute.Float("softcap", 0), OnnxAttribute.Int("do_rotary", options.HasPositions ? 0 : 1), OnnxAttribute.Int("rotary_interleaved", 0))
        {
            Name = $"{name}/GroupQueryAttention",
            Domain = OnnxDomains.Microsoft,
        });
        MatMul($"{name}/o_proj/MatMul", $"{name}/GroupQueryAttention/output_0", model.ValuesOf($"{source}.o_proj.weight"), _shape.Hidden);
    }

    private void MakeFeedForward(int layer, string normed)
    {
        var (name, source) = ($"/model/layers.{layer}/mlp", $"model.layers.{layer}.mlp");
        var gate = MatMul($"{name}/gate_proj/MatMul", normed, model.ValuesOf($"{source}.gate_proj.weight"), _shape.FeedForward);
        var up = MatMul($"{name}/up_proj/MatMul", normed, model.ValuesOf($"{source}.up_proj.weight"), _shape.FeedForward);
        Node("Sigmoid", $"{name}/act_fn/Sigmoid", [gate]);
        Node("Mul", $"{name}/act_fn/Mul", [gate, $"{name}/act_fn/Sigmoid/output_0"]);
        Node("Mul", $"{name}/Mul", [$"{name}/act_fn/Mul/output_0", up]);
        MatMul($"{name}/down_proj/MatMul", $"{name}/Mul/output_0", model.ValuesOf($"{source}.down_proj.weight"), _shape.Hidden);
    }

    private void MakeHead(string normed)
    {
        if (options.PrunesHead)
        {
            Node("Gather", "/lm_head/prune/Gather", [normed, Constant(-1)], OnnxAttribute.Int("axis", 1));
            Node("Unsqueeze", "/lm_head/prune/Unsqueeze", ["/lm_head/prune/Gather/output_0", Constant([1])]);
            normed = "/lm_head/prune/Unsqueeze/output_0";
        }

        MatMul("/lm_head/MatMul", normed, model.ValuesOf("lm_head.weight"), _shape.Vocabulary, "logits");
    }

    private string MatMul(string name, string input, float[] weight, int rows, string? output = null)
    {
        var columns = weight.Length / rows;
        var initializer = name[1..].Replace('/', '.');
        output ??= name + "/output_0";
        if (!options.IsQuantized)
        {
            // PyTorch's [out, in] transposed.
            var turned = Enumerable.Range(0, weight.Length).Select(i => weight[i % rows * columns + i / rows]).ToArray();
            Initializer(initializer + ".weight", turned, columns, rows);
            _nodes.Add(new OnnxNode("MatMul", [input, initializer + ".weight"], [output]) { Name = name });
            return output;
        }

        var (codes, scales) = GenAIModelOptions.Quantize(weight, columns);
        var blocks = (columns + GenAIModelOptions.BlockSize - 1) / GenAIModelOptions.BlockSize;
        _initializers.Add(OnnxTensor.Create<byte>(initializer + ".weight_Q4", codes, rows, blocks, GenAIModelOptions.BlockSize / 2));
        Initializer(initializer + ".weight_scales", scales, rows * blocks);
        _nodes.Add(new OnnxNode(
            "MatMulNBits", [input, initializer + ".weight_Q4", initializer + ".weight_scales"], [output],
            OnnxAttribute.Int("accuracy_level", 0), OnnxAttribute.Int("bits", 4), OnnxAttribute.Int("block_size", GenAIModelOptions.BlockSize), OnnxAttribute.Int("K", columns), OnnxAttribute.Int("N", rows))
        {
            Name = name + "_Q4",
            Domain = OnnxDomains.Microsoft,
        });
        return output;
    }

    private string AddBias(string name, string input, float[] bias)
    {
        Initializer(name[1..].Replace('/', '.') + ".bias", bias, bias.Length);
        Node("Add", name, [input, name[1..].Replace('/', '.') + ".bias"]);
        return name + "/output_0";
    }

    private void Node(string type, string name, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes) => _nodes.Add(new OnnxNode(type, [.. inputs], [name + "/output_0"], attributes) { Name = name });

    private void Microsoft(string type, string name, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        _nodes.Add(new OnnxNode(type, [.. inputs], [name + "/output_0"], attributes) { Name = name, Domain = OnnxDomains.Microsoft });

    private string Constant(long value) => Constant(value.ToString(System.Globalization.CultureInfo.InvariantCulture), OnnxTensor.Scalar("", value));

    private string Constant(long[] values) => Constant($"[{string.Join(", ", values)}]", OnnxTensor.Create<long>("", values, values.Length));

    private string Constant(string text, OnnxTensor value)
    {
        var name = "/model/constants/INT64/" + text;
        if (_constants.Add(name)) _nodes.Add(new OnnxNode("Constant", [], [name], OnnxAttribute.Tensor("value", value)) { Name = name.Replace("constants", "constant_nodes", StringComparison.Ordinal) });
        return name;
    }

    private void Initializer(string name, float[] values, params ReadOnlySpan<nint> lengths) => _initializers.Add(Tensor(name, values, lengths));

    private OnnxTensor Tensor(string name, float[] values, params ReadOnlySpan<nint> lengths) =>
        options.IsHalf ? OnnxTensor.Create<Half>(name, [.. values.Select(value => (Half)value)], lengths) : OnnxTensor.Create<float>(name, values, lengths);

    private IEnumerable<OnnxValueInfo> Inputs() =>
    [
        OnnxValueInfo.Tensor("input_ids", TensorElementType.Int64, "batch_size", "sequence_length"),
        OnnxValueInfo.Tensor("attention_mask", TensorElementType.Int64, "batch_size", "total_sequence_length"),
        .. options.HasPositions ? [OnnxValueInfo.Tensor("position_ids", TensorElementType.Int64, "batch_size", "sequence_length")] : Array.Empty<OnnxValueInfo>(),
        .. Cache("past_key_values", "key", "past_sequence_length"),
        .. Cache("past_key_values", "value", "past_sequence_length"),
    ];

    private IEnumerable<OnnxValueInfo> Outputs() =>
    [
        options.PrunesHead ? OnnxValueInfo.Tensor("logits", FloatType, "batch_size", 1, _shape.Vocabulary) : OnnxValueInfo.Tensor("logits", FloatType, "batch_size", "sequence_length", _shape.Vocabulary),
        .. Cache("present", "key", "total_sequence_length"),
        .. Cache("present", "value", "total_sequence_length"),
    ];

    private IEnumerable<OnnxValueInfo> Cache(string name, string part, string length) =>
        Enumerable.Range(0, _shape.Layers).Select(layer => OnnxValueInfo.Tensor($"{name}.{layer}.{part}", FloatType, "batch_size", _shape.KeyValueHeads, length, "kv_cache_dim"));

    private JsonObject Configuration()
    {
        var root = JsonNode.Parse($$"""
            {
                "model": {
                    "bos_token_id": 1,
                    "context_length": {{Context}},
                    "decoder": {
                        "session_options": { "log_id": "onnxruntime-genai", "provider_options": [] },
                        "filename": "model.onnx",
                        "head_size": {{_shape.HeadSize}},
                        "hidden_size": {{_shape.Hidden}},
                        "inputs": {
                            "input_ids": "input_ids", "attention_mask": "attention_mask",
                            "past_key_names": "past_key_values.%d.key", "past_value_names": "past_key_values.%d.value"
                        },
                        "outputs": { "logits": "logits", "present_key_names": "present.%d.key", "present_value_names": "present.%d.value" },
                        "num_attention_heads": {{_shape.Heads}},
                        "num_hidden_layers": {{_shape.Layers}},
                        "num_key_value_heads": {{_shape.KeyValueHeads}}
                    },
                    "eos_token_id": [ {{string.Join(", ", options.EndTokens)}} ],
                    "pad_token_id": {{options.EndTokens[0]}},
                    "type": "{{options.Type}}",
                    "vocab_size": {{_shape.Vocabulary}}
                },
                "search": {
                    "diversity_penalty": 0.0, "do_sample": true, "early_stopping": true, "length_penalty": 1.0, "max_length": {{Context}}, "min_length": 0, "no_repeat_ngram_size": 0,
                    "num_beams": 1, "num_return_sequences": 1, "past_present_share_buffer": true, "repetition_penalty": 1.05, "temperature": 0.7, "top_k": 20, "top_p": 0.8
                }
            }
            """)!.AsObject();
        if (options.HasPositions) root["model"]!["decoder"]!["inputs"]!["position_ids"] = "position_ids";
        if (options.IsHalf) root["model"]!["decoder"]!["session_options"]!["provider_options"] = new JsonArray(new JsonObject { ["cuda"] = new JsonObject { ["enable_cuda_graph"] = "0" } });
        return root;
    }
}
