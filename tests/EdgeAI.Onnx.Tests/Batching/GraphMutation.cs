using System.Collections.Immutable;

namespace EdgeAI.Onnx.Tests;

/// <summary>Changes a graph in a few places, mostly into one that makes no sense.</summary>
internal static class GraphMutation
{
    private static readonly long[] _numbers = [0, 1, -1, 2, -2, 3, 7, 64, -64, int.MaxValue, long.MaxValue, long.MinValue];

    public static OnnxModel Apply(OnnxModel model, Random random)
    {
        var graph = model.Graph;
        for (var change = random.Next(1, 4); change > 0 && !graph.Nodes.IsEmpty; change--)
        {
            var index = random.Next(graph.Nodes.Length);
            graph = random.Next(6) == 0 && !graph.Initializers.IsEmpty
                ? graph with { Initializers = graph.Initializers.SetItem(random.Next(graph.Initializers.Length), Constant(graph.Initializers[random.Next(graph.Initializers.Length)].Name, random)) }
                : graph with { Nodes = graph.Nodes.SetItem(index, Change(graph.Nodes[index], graph, random)) };
        }

        return model with { Graph = graph, OpsetImports = random.Next(3) == 0 ? [random.Next(1, 24), new OnnxOpsetImport(OnnxDomains.Microsoft, 1)] : model.OpsetImports };
    }

    private static OnnxNode Change(OnnxNode node, OnnxGraph graph, Random random)
    {
        var names = graph.Inputs.Select(input => input.Name).Concat(graph.Initializers.Select(tensor => tensor.Name)).Concat(graph.Nodes.SelectMany(other => other.Outputs)).Append("").ToArray();
        switch (random.Next(6))
        {
            case 0 when !node.Inputs.IsEmpty: return node with { Inputs = node.Inputs.SetItem(random.Next(node.Inputs.Length), names[random.Next(names.Length)]) };
            case 1 when !node.Inputs.IsEmpty: return node with { Inputs = node.Inputs.RemoveAt(random.Next(node.Inputs.Length)) };
            case 2: return node with { Inputs = node.Inputs.Add(names[random.Next(names.Length)]) };
            case 3: return node with { OpType = graph.Nodes[random.Next(graph.Nodes.Length)].OpType };
            case 4: return node with { Outputs = node.Outputs.Add($"extra{random.Next(1000)}") };
            default:
                string[] attributes = ["axis", "axes", "perm", "pads", "keepdims", "layout", "batch_dims", "blocksize", "split", "transA", "equation", "starts", "ends", "shape", "allowzero", "kernel_shape", "strides", "to", "start", "end", "hidden_size", "scales", "value", "block_size", "group"];
                var name = !node.Attributes.IsEmpty && random.Next(2) == 0 ? node.Attributes[random.Next(node.Attributes.Length)].Name : attributes[random.Next(attributes.Length)];
                return node with { Attributes = [.. node.Attributes.Where(attribute => attribute.Name != name), Attribute(name, random)] };
        }
    }

    private static OnnxAttribute Attribute(string name, Random random) => random.Next(6) switch
    {
        0 => OnnxAttribute.String(name, random.Next(2) == 0 ? "ij,jk->ik" : "->"),
        1 => OnnxAttribute.Floats(name, 1f, 2f),
        2 => OnnxAttribute.Tensor(name, Constant("", random)),
        3 => OnnxAttribute.Ints(name, [.. Enumerable.Range(0, random.Next(6)).Select(_ => _numbers[random.Next(_numbers.Length)])]),
        _ => OnnxAttribute.Int(name, _numbers[random.Next(_numbers.Length)]),
    };

    private static OnnxTensor Constant(string name, Random random)
    {
        ImmutableArray<long> values = [.. Enumerable.Range(0, random.Next(5)).Select(_ => _numbers[random.Next(_numbers.Length)])];
        return random.Next(4) == 0 ? OnnxTensor.Scalar(name, _numbers[random.Next(_numbers.Length)]) : OnnxTensor.Create(name, values.AsSpan(), values.Length);
    }
}
