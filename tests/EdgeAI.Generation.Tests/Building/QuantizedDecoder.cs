using System.Collections.Immutable;
using EdgeAI.Onnx;

namespace EdgeAI.Generation.Tests.Building;

/// <summary>Reads a built model's weights back, by the operators' definition, under the names that its checkpoint had.</summary>
internal sealed class QuantizedDecoder : IDisposable
{
    private readonly OnnxModel _model;
    private readonly SmallModel _source;
    private readonly Dictionary<string, OnnxTensor> _initializers;
    private readonly Dictionary<string, float[]> _read = [];

    public QuantizedDecoder(string folder, SmallModel source)
    {
        _model = OnnxReader.Read(Path.Combine(folder, "model.onnx"));
        _source = source;
        _initializers = _model.Graph.Initializers.ToDictionary(tensor => tensor.Name);
    }

    /// <summary>A weight as the model has it.</summary>
    public float[] ValuesOf(string name)
    {
        if (_read.TryGetValue(name, out var values)) return values;
        return _read[name] = Locate(name) is var (graphName, part, parts) ? Part(Dequantize(graphName), name, part, parts) : _source.Checkpoint.ValuesOf(name);
    }

    /// <summary>Writes a model again, so that its activations are not rounded.</summary>
    public static void WriteExact(string folder, string path)
    {
        static OnnxNode Exact(OnnxNode node) => node.OpType != "MatMulNBits"
            ? node
            : node with { Attributes = [.. node.Attributes.Where(attribute => attribute.Name != "accuracy_level"), OnnxAttribute.Int("accuracy_level", 1)] };
        using var model = OnnxReader.Read(Path.Combine(folder, "model.onnx"));
        var nodes = model.Graph.Nodes.Select(Exact).ToImmutableArray();
        OnnxWriter.Write(model with { Graph = model.Graph with { Nodes = nodes } }, path, new() { ExternalDataThreshold = 1024 });
    }

    public int CountBits(int bits) => _model.Graph.Nodes.Count(node => node.OpType == "MatMulNBits" && node.FindAttribute("bits")!.AsInt() == bits);

    public void Dispose() => _model.Dispose();

    private (string GraphName, int Part, string[] Parts)? Locate(string name)
    {
        if (name == "lm_head.weight") return ("logits", 0, [name]);
        var match = System.Text.RegularExpressions.Regex.Match(name, @"^model\.layers\.(\d+)\.(self_attn|mlp)\.(\w+)_proj\.weight$");
        if (!match.Success) return null;
        var (layer, part) = (match.Groups[1].Value, match.Groups[3].Value);
        string[] Siblings(params string[] parts) => [.. parts.Select(sibling => name.Replace($"{part}_proj", $"{sibling}_proj", StringComparison.Ordinal))];
        return part switch
        {
            "q" or "k" or "v" when Alone($"layers.{layer}.attention.", part) is { } alone => (alone, 0, [name]),
            "q" or "k" or "v" => ($"layers.{layer}.attention.query_key_value", "qkv".IndexOf(part, StringComparison.Ordinal), Siblings("q", "k", "v")),
            "qkv" => ($"layers.{layer}.attention.query_key_value", 0, [name]),
            "o" => ($"layers.{layer}.attention.output", 0, [name]),
            "gate" or "up" => ($"layers.{layer}.feed_forward.gate_up", part == "gate" ? 0 : 1, Siblings("gate", "up")),
            "gate_up" => ($"layers.{layer}.feed_forward.gate_up", 0, [name]),
            _ => ($"layers.{layer}.feed_forward.down", 0, [name]),
        };
    }

    private string? Alone(string prefix, string part)
    {
        var name = prefix + part switch { "q" => "query", "k" => "key", _ => "value" };
        return _initializers.ContainsKey(name + ".weight_codes") ? name : null;
    }

    private float[] Part(float[] all, string name, int part, string[] parts)
    {
        var start = parts.Take(part).Sum(sibling => _source.Checkpoint.ValuesOf(sibling).Length);
        return all[start..(start + _source.Checkpoint.ValuesOf(name).Length)];
    }

    private float[] Dequantize(string name)
    {
        var node = _model.Graph.Nodes.Single(node => node.OpType == "MatMulNBits" && node.Inputs[1] == name + ".weight_codes");
        long Int(string attribute) => node.FindAttribute(attribute)!.AsInt();
        var (rows, columns, bits, block) = ((int)Int("N"), (int)Int("K"), (int)Int("bits"), (int)Int("block_size"));
        var blocks = (columns + block - 1) / block;
        var codes = _initializers[node.Inputs[1]].ToArray<byte>();
        var scales = _initializers[node.Inputs[2]].ToArray<float>();
        var zeroPoints = node.Inputs.Length > 3 && node.Inputs[3].Length > 0 ? _initializers[node.Inputs[3]].ToArray<byte>() : null;
        int Code(byte[] bytes, int start, int index) => bits == 8 ? bytes[start + index] : (bytes[start + index / 2] >> (4 * (index % 2))) & 15;
        var values = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var (index, inside) = Math.DivRem(column, block);
                var zero = zeroPoints is null ? 1 << (bits - 1) : Code(zeroPoints, row * ((blocks * bits + 7) / 8), index);
                values[row * columns + column] = (Code(codes, (row * blocks + index) * block * bits / 8, inside) - zero) * scales[row * blocks + index];
            }
        }

        return values;
    }
}
