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
    public float[] ValuesOf(string name) => _read.TryGetValue(name, out var values) ? values : _read[name] = Read(name);

    /// <summary>What a projection's input becomes before it is multiplied: whole steps in each block, 127 to the block's largest element, as <c>accuracy_level</c> 4 has it.</summary>
    public double[] Round(string name, double[] input)
    {
        var (graphName, _, _) = Locate(name)!.Value;
        var block = (int)NodeOf(graphName).FindAttribute("block_size")!.AsInt();
        var arranged = FromHeads(name) ? Arrange(input) : input;
        var rounded = arranged.Chunk(block).SelectMany(values =>
        {
            var step = values.Max(Math.Abs) / 127;
            return values.Select(value => step == 0 ? 0 : Math.Round(value / step) * step);
        }).ToArray();
        return FromHeads(name) ? Restore(rounded, 1) : rounded;
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

    private float[] Read(string name)
    {
        if (name == "model.embed_tokens.weight") return ReadEmbedding();
        if (Locate(name) is not var (graphName, part, parts)) return _source.Checkpoint.ValuesOf(name);
        var all = Dequantize(graphName);
        if (name.Contains("mlp", StringComparison.Ordinal) || name == "lm_head.weight") return Part(all, name, part, parts);
        var columns = (int)NodeOf(graphName).FindAttribute("K")!.AsInt();
        return FromHeads(name) ? Restore(all, 1) : Part(Restore(all, columns), name, part, parts);
    }

    private float[] ReadEmbedding()
    {
        var node = _model.Graph.Nodes.Single(node => node.Outputs[0].StartsWith("embeddings", StringComparison.Ordinal) && node.OpType is "Gather" or "GatherBlockQuantized");
        var table = _initializers[node.Inputs[0]];
        if (node.OpType == "GatherBlockQuantized") return DequantizeTable(node, table);
        return table.ElementType == TensorElementType.Float16 ? [.. table.ToArray<Half>().Select(value => (float)value)] : table.ToArray<float>();
    }

    private OnnxNode NodeOf(string graphName) => _model.Graph.Nodes.Single(node => node.OpType == "MatMulNBits" && node.Outputs[0] == graphName);

    private static bool FromHeads(string name) => name.Contains("o_proj", StringComparison.Ordinal);

    /// <summary>Where an element of a head stands in the graph: the halves of what turns begin the halves of the head, what does not turn follows them, and zeros come last.</summary>
    private int PlaceOf(int element)
    {
        var (half, turning) = (PaddedHeadSize / 2, (_source.Reference.RotarySize ?? _source.Reference.HeadSize) / 2);
        if (element < turning) return element;
        if (element < 2 * turning) return half + element - turning;
        var still = element - 2 * turning;
        return still < half - turning ? turning + still : half + turning + still - (half - turning);
    }

    private int PaddedHeadSize => (_source.Reference.HeadSize + 15) / 16 * 16;

    /// <summary>Rows of heads (or, of width 1, columns) in the order that the checkpoint has them.</summary>
    private T[] Restore<T>(T[] arranged, int width)
    {
        var (padded, size) = (PaddedHeadSize, _source.Reference.HeadSize);
        var restored = new T[arranged.Length / padded * size];
        for (var row = 0; row < restored.Length / width; row++)
        {
            var (head, element) = Math.DivRem(row, size);
            arranged.AsSpan((head * padded + PlaceOf(element)) * width, width).CopyTo(restored.AsSpan(row * width));
        }

        return restored;
    }

    private double[] Arrange(double[] values)
    {
        var (padded, size) = (PaddedHeadSize, _source.Reference.HeadSize);
        var arranged = new double[values.Length / size * padded];
        for (var i = 0; i < values.Length; i++) arranged[i / size * padded + PlaceOf(i % size)] = values[i];
        return arranged;
    }

    private (string GraphName, int Part, string[] Parts)? Locate(string name)
    {
        if (name == "lm_head.weight") return (_source.Reference.LogitCap is null ? "logits" : "logits.uncapped", 0, [name]);
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
        var start = parts.Take(part).Sum(sibling => _source.ValuesOf(sibling).Length);
        return all[start..(start + _source.ValuesOf(name).Length)];
    }

    private float[] Dequantize(string name)
    {
        var node = NodeOf(name);
        int Int(string attribute) => (int)node.FindAttribute(attribute)!.AsInt();
        var zeroPoints = node.Inputs.Length > 3 && node.Inputs[3].Length > 0 ? _initializers[node.Inputs[3]].ToArray<byte>() : null;
        var blocks = (Int("K") + Int("block_size") - 1) / Int("block_size");
        return Dequantize(Int("N"), Int("K"), Int("bits"), Int("block_size"), _initializers[node.Inputs[1]].ToArray<byte>(), blocks * Int("block_size") * Int("bits") / 8, _initializers[node.Inputs[2]].ToArray<float>(), zeroPoints);
    }

    private float[] DequantizeTable(OnnxNode node, OnnxTensor table)
    {
        int Int(string attribute) => (int)node.FindAttribute(attribute)!.AsInt();
        var (rows, bytes) = ((int)table.Lengths[0], (int)table.Lengths[1]);
        return Dequantize(rows, bytes * 8 / Int("bits"), Int("bits"), Int("block_size"), table.ToArray<byte>(), bytes, _initializers[node.Inputs[2]].ToArray<float>(), node.Inputs.Length > 3 ? _initializers[node.Inputs[3]].ToArray<byte>() : null);
    }

    private static float[] Dequantize(int rows, int columns, int bits, int block, byte[] codes, int rowBytes, float[] scales, byte[]? zeroPoints)
    {
        int Code(byte[] bytes, int start, int index) => bits == 8 ? bytes[start + index] : (bytes[start + index / 2] >> (4 * (index % 2))) & 15;
        var blocks = (columns + block - 1) / block;
        var values = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var index = column / block;
                var zero = zeroPoints is null ? 1 << (bits - 1) : Code(zeroPoints, row * ((blocks * bits + 7) / 8), index);
                values[row * columns + column] = (Code(codes, row * rowBytes, column) - zero) * scales[row * blocks + index];
            }
        }

        return values;
    }
}
