using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// The shapes of a node's outputs: by the rules that keep rows apart, which follow every length on the way and have no rows to keep here, and by
/// rules of its own for operators that mix rows or whose lengths did not matter there.
/// </summary>
internal static class CostShapes
{
    /// <summary>Says what is known of each output; unknown where nothing is.</summary>
    /// <param name="step">The node.</param>
    /// <param name="constant">The elements of a small constant input.</param>
    public static BatchValue[] Of(NodeStep step, Func<int, float[]?> constant)
    {
        var outputs = new BatchValue[step.Node.Outputs.Length];
        Array.Fill(outputs, BatchValue.Unknown);
        if (ShapeArithmetic.Compute(step) is { } numbers)
        {
            for (var output = 0; output < Math.Min(outputs.Length, numbers.Length); output++) outputs[output] = numbers[output];
            return outputs;
        }

        if (!TrySetOwn(step, constant))
        {
            if (BatchRules.Find(step.Node.Domain, step.Node.OpType) is not { } rule) return outputs;
            rule.Apply(step);
        }

        for (var output = 0; output < outputs.Length; output++) outputs[output] = step.Output(output) ?? BatchValue.Unknown;
        return outputs;
    }

    private static bool TrySetOwn(NodeStep step, Func<int, float[]?> constant)
    {
        switch (OnnxDomains.Normalize(step.Node.Domain), step.Node.OpType)
        {
            case (OnnxDomains.Onnx, "DynamicQuantizeLinear"):
                SetLikeInput(step, 0);
                step.SetShape(1, []);
                step.SetShape(2, []);
                return true;
            case (OnnxDomains.Onnx, "RotaryEmbedding") or (OnnxDomains.Microsoft, "RotaryEmbedding") or (OnnxDomains.Onnx, "ScatterND") or (OnnxDomains.Onnx, "ReverseSequence"):
                SetLikeInput(step, 0);
                return true;
            case (OnnxDomains.Microsoft, "DynamicQuantizeMatMul"):
                ProductRules.Multiply(step, 0, 1);
                return true;
            case (OnnxDomains.Microsoft, "DynamicQuantizeLSTM"):
                RecurrentRules.Table.First(entry => entry.Operator == "LSTM").Rule.Apply(step);
                return true;
            case (OnnxDomains.Onnx, "ConvTranspose"):
                return SpreadWindow(step);
            case (OnnxDomains.Onnx, "Resize"):
                return Scale(step, constant(step.Version < 11 ? 1 : 2));
            case (OnnxDomains.Onnx, "Upsample"):
                return Scale(step, step.Version < 9 ? step.Floats("scales")?.ToArray() : constant(1));
            case (OnnxDomains.Onnx, "Attention"):
                return Attend(step, AttentionShape.Standard(step), presentFrom: 1);
            case (OnnxDomains.Microsoft, "MultiHeadAttention"):
                return Attend(step, AttentionShape.MultiHead(step), presentFrom: 1);
            case (OnnxDomains.Microsoft, "GroupQueryAttention"):
                return Attend(step, AttentionShape.GroupQuery(step), presentFrom: 1);
            case (OnnxDomains.Microsoft, "Attention"):
                return SelfAttend(step);
            default:
                return false;
        }
    }

    private static void SetLikeInput(NodeStep step, int input)
    {
        if (step.HasInput(input) && step.Inputs[input]!.Shape is { } shape) step.SetShape(0, shape);
    }

    private static bool Attend(NodeStep step, AttentionShape? attention, int presentFrom)
    {
        if (attention is null) return false;
        step.SetShape(0, attention.Result);
        step.SetShape(presentFrom, attention.PresentKeys);
        step.SetShape(presentFrom + 1, attention.PresentValues);
        return true;
    }

    private static bool SelfAttend(NodeStep step)
    {
        if (AttentionShape.SelfAttention(step) is not { } attention) return false;
        step.SetShape(0, attention.Result);
        step.SetShape(1, [Term.Constant(2), .. attention.PresentKeys]);
        return true;
    }

    /// <summary>Resize by factors: each length is rounded down.</summary>
    private static bool Scale(NodeStep step, float[]? scales)
    {
        if (scales is not { Length: > 0 } || !step.HasInput(0) || step.Inputs[0]!.Shape is not { } shape) return false;
        var axes = step.Ints("axes") ?? [.. Enumerable.Range(0, shape.Length).Select(axis => (long)axis)];
        if (scales.Length != axes.Length) return false;
        var lengths = shape.ToArray();
        for (var index = 0; index < axes.Length; index++)
        {
            if (!step.TryAxis(axes[index], shape.Length, out var axis) || !lengths[axis].IsConstant || !(scales[index] > 0)) return false;
            lengths[axis] = Term.Constant((long)Math.Min(long.MaxValue / 2, Math.Floor((double)lengths[axis].Factor * scales[index])));
        }

        step.SetShape(0, [.. lengths]);
        return true;
    }

    /// <summary>Transposed convolution (ONNX operator specification, ConvTranspose): the window is laid out once for each input element.</summary>
    private static bool SpreadWindow(NodeStep step)
    {
        if (!step.HasInput(0) || step.Inputs[0]!.Shape is not { Length: > 2 } x || !step.HasInput(1) || step.Inputs[1]!.Shape is not { } w || w.Length != x.Length) return false;
        if (!x.Concat(w).All(length => length is { IsConstant: true, Factor: >= 0 })) return false;
        var spatial = x.Length - 2;
        var given = step.Ints("output_shape") ?? [];
        var isSame = step.Text("auto_pad", "NOTSET").StartsWith("SAME", StringComparison.Ordinal);
        long At(string name, int index, long absent) => step.Ints(name) is { } values && index < values.Length ? values[index] : absent;
        var lengths = ImmutableArray.CreateBuilder<Term>(x.Length);
        lengths.Add(x[0]);
        lengths.Add(Term.Constant(w[1].Factor * Math.Max(1, step.Int("group", 1))));
        for (var axis = 0; axis < spatial; axis++)
        {
            var stride = At("strides", axis, 1);
            var window = (At("dilations", axis, 1) * (w[axis + 2].Factor - 1)) + 1;
            var length = axis < given.Length ? given[axis]
                : isSame ? x[axis + 2].Factor * stride
                : (stride * (x[axis + 2].Factor - 1)) + At("output_padding", axis, 0) + window - At("pads", axis, 0) - At("pads", axis + spatial, 0);
            if (length <= 0) return false;
            lengths.Add(Term.Constant(length));
        }

        step.SetShape(0, lengths.MoveToImmutable());
        return true;
    }
}
