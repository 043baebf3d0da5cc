using EdgeAI.Onnx;

namespace EdgeAI.Samples.Neuromorphic.Layers;

/// <summary>Reads the attributes of a node, and refuses what the device does not do.</summary>
internal static class NodeAttributes
{
    public static long Integer(this OnnxNode node, string name, long absent) => node.FindAttribute(name)?.AsInt() ?? absent;

    /// <summary>As many integers as asked for, each the same where the attribute is absent.</summary>
    public static int[] Integers(this OnnxNode node, string name, int count, int absent)
    {
        if (node.FindAttribute(name) is not { } attribute) return [.. Enumerable.Repeat(absent, count)];
        var values = attribute.AsInts();
        if (values.Length != count) throw new NotSupportedException($"{node} has {values.Length} values in '{name}', and the device works on images of two axes only");
        return [.. values.Select(value => checked((int)value))];
    }

    /// <summary>Refuses an attribute that asks for anything but one value.</summary>
    public static void Require(this OnnxNode node, string name, long only)
    {
        var attribute = node.FindAttribute(name);
        var isFit = attribute is null || (attribute.Type == OnnxAttributeType.Ints ? attribute.AsInts().All(value => value == only) : attribute.AsInt() == only);
        if (!isFit) throw new NotSupportedException($"{node} sets '{name}', which the device runs with {only} only");
    }

    /// <summary>Refuses a factor other than 1.</summary>
    public static void RequireOne(this OnnxNode node, string name)
    {
        if (node.FindAttribute(name) is { } attribute && attribute.AsFloat() != 1) throw new NotSupportedException($"{node} sets '{name}', which the device runs with 1 only");
    }

    /// <summary>Refuses padding by name.</summary>
    public static void RequireExplicitPads(this OnnxNode node)
    {
        if (node.FindAttribute("auto_pad")?.AsString() is { } mode and not "NOTSET") throw new NotSupportedException($"{node} pads by '{mode}'; export it with explicit pads");
    }

    /// <summary>The constant float32 tensor behind an input.</summary>
    public static OnnxTensor Synapses(this OnnxNode node, int input, int rank, Func<string, OnnxTensor?> findConstant)
    {
        var name = input < node.Inputs.Length ? node.Inputs[input] : "";
        if (findConstant(name) is not { } tensor) throw new NotSupportedException($"{node} computes its weights '{name}', and synapses are constant");
        if (tensor.ElementType != TensorElementType.Float32) throw new NotSupportedException($"the weights '{name}' are {tensor.ElementType.ToName()}, and synapses are float32");
        if (tensor.Lengths.Length != rank) throw new NotSupportedException($"the weights '{name}' have {tensor.Lengths.Length} axes, and {node} runs with {rank} only");
        return tensor;
    }

    /// <summary>The constant behind an optional input; <see langword="null"/> where it is left out.</summary>
    public static OnnxTensor? Bias(this OnnxNode node, int input, nint length, Func<string, OnnxTensor?> findConstant)
    {
        if (input >= node.Inputs.Length || node.Inputs[input].Length == 0) return null;
        var tensor = node.Synapses(input, rank: 1, findConstant);
        return tensor.Lengths[0] == length ? tensor : throw new NotSupportedException($"the bias '{tensor.Name}' has {tensor.Lengths[0]} elements, and {node} needs {length}");
    }
}
