using System.Collections.Immutable;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>
/// Gives a decoder with a cache of floats one of 8-bit codes. GroupQueryAttention makes codes of what it adds, rounding to the nearest and half to even, and reads them as
/// codes times scales.
/// </summary>
internal static class QuantizedCache
{
    private const string Attention = "GroupQueryAttention";
    private const int PastKeys = 3, PastValues = 4, PresentKeys = 1, PresentValues = 2, KeyScales = 12, Bits = 8;

    /// <summary>The same model but for the cache.</summary>
    public static OnnxModel Apply(OnnxModel model, CacheScales scales)
    {
        var nodes = ImmutableArray.CreateBuilder<OnnxNode>();
        var caches = new HashSet<string>(StringComparer.Ordinal);
        var layer = 0;
        foreach (var node in model.Graph.Nodes)
        {
            if (node.OpType != Attention || node.Domain != OnnxDomains.Microsoft)
            {
                nodes.Add(node);
                continue;
            }

            caches.UnionWith([node.Inputs[PastKeys], node.Inputs[PastValues], node.Outputs[PresentKeys], node.Outputs[PresentValues]]);
            OnnxNode[] constants = [Constant(node.Outputs[0] + ".key_scales", scales, 2 * layer), Constant(node.Outputs[0] + ".value_scales", scales, 2 * layer + 1)];
            nodes.AddRange(constants);
            nodes.Add(node with
            {
                Inputs = [.. node.Inputs, .. Enumerable.Repeat("", KeyScales - node.Inputs.Length), .. constants.Select(constant => constant.Outputs[0])],
                Attributes =
                [
                    .. node.Attributes,
                    OnnxAttribute.String("k_quant_type", "PER_CHANNEL"), OnnxAttribute.String("v_quant_type", "PER_CHANNEL"), OnnxAttribute.Int("kv_cache_bit_width", Bits),
                ],
            });
            layer++;
        }

        return model with { Graph = model.Graph with { Nodes = nodes.ToImmutable(), Inputs = [.. model.Graph.Inputs.Select(Codes)], Outputs = [.. model.Graph.Outputs.Select(Codes)] } };

        OnnxValueInfo Codes(OnnxValueInfo value) => caches.Contains(value.Name) && value.Type is OnnxTensorType type ? value with { Type = type with { ElementType = TensorElementType.Int8 } } : value;
    }

    /// <summary>A node and no initializer: the graph's own file then holds all scales, and with them the model's fingerprint, by which kept rows are told apart.</summary>
    private static OnnxNode Constant(string name, CacheScales scales, int plane) =>
        new("Constant", [], [name], OnnxAttribute.Tensor("value", OnnxTensor.Create<float>("", scales.Planes[plane], 1, scales.KeyValueHeads, 1, scales.HeadSize))) { Name = "/" + name };
}
