namespace EdgeAI.Onnx;

/// <content>Nodes that run subgraphs.</content>
internal sealed partial class CostTrace
{
    private void Branch(OnnxNode node, CostScope scope, CostTally tally, int calls)
    {
        tally.Nodes.Add(new NodeCost { Node = node.ToString(), Domain = node.Domain, OpType = node.OpType, Family = OperatorFamily.Control });
        var isOnnx = OnnxDomains.Normalize(node.Domain).Length == 0;
        if (isOnnx && node.OpType == "If" && GraphOf(node, "then_branch") is { } then && GraphOf(node, "else_branch") is { } otherwise) Choose(node, then, otherwise, scope, tally, calls);
        else if (isOnnx && node.OpType == "Loop" && GraphOf(node, "body") is { } loop) Loop(node, loop, scope, tally, calls);
        else if (isOnnx && node.OpType == "Scan" && GraphOf(node, "body") is { } scan) Scan(node, scan, scope, tally, calls);
        else
        {
            tally.Unknown.Add($"{node} runs a subgraph in a way that is not counted");
            SetOutputs(node, scope, _ => CostValue.Unknown);
        }
    }

    private static OnnxGraph? GraphOf(OnnxNode node, string attribute) =>
        node.FindAttribute(attribute) is { Type: OnnxAttributeType.Graph, ReferenceName: null } graph ? graph.AsGraph() : null;

    /// <summary>The branch that the condition names; of two possible ones that which has more to do.</summary>
    private void Choose(OnnxNode node, OnnxGraph then, OnnxGraph otherwise, CostScope scope, CostTally tally, int calls)
    {
        var condition = node.Inputs.Length > 0 ? scope.Find(node.Inputs[0])?.Known.Elements : null;
        bool? isKnown = condition is [{ IsConstant: true } value] ? value.Factor != 0 : null;
        var first = isKnown == false ? null : Run(then);
        var second = isKnown == true ? null : Run(otherwise);
        var takesFirst = second is null || first is not null && (first.Value.Tally.Flops, first.Value.Tally.Bytes).CompareTo((second.Value.Tally.Flops, second.Value.Tally.Bytes)) >= 0;
        var (chosen, results) = takesFirst ? first!.Value : second!.Value;
        if (isKnown is null) tally.Notes.Add($"{node} is counted by its {(takesFirst ? "then" : "else")} branch, the one with more to do");
        tally.Add(chosen);
        SetOutputs(node, scope, output => output < results.Length ? results[output] : null);

        (CostTally Tally, CostValue?[] Results)? Run(OnnxGraph graph)
        {
            var inner = new CostScope(scope, scope.Versions);
            var own = new CostTally();
            Follow(graph, inner, own, calls);
            return (own, [.. graph.Outputs.Select(output => inner.Find(output.Name))]);
        }
    }

    /// <summary>One pass: how many there are depends on values.</summary>
    private void Loop(OnnxNode node, OnnxGraph body, CostScope scope, CostTally tally, int calls)
    {
        var inner = new CostScope(scope, scope.Versions);
        for (var index = 0; index < body.Inputs.Length; index++)
        {
            var value = index switch
            {
                0 => new CostValue(BatchValue.Shared([]), TensorElementType.Int64),
                1 => new CostValue(BatchValue.Shared([]), TensorElementType.Boolean),
                _ => Forget(index < node.Inputs.Length ? scope.Find(node.Inputs[index]) : null),
            };
            inner.Set(body.Inputs[index].Name, value);
        }

        var own = new CostTally();
        Follow(body, inner, own, calls);
        tally.Add(own);
        tally.Notes.Add($"{node} is counted as one pass");
        var carried = Math.Max(0, body.Inputs.Length - 2);
        SetOutputs(node, scope, output => output + 1 >= body.Outputs.Length ? null : Forget(inner.Find(body.Outputs[output + 1].Name), stackedBy: output < carried ? null : 1));
    }

    /// <summary>As many passes as the first sequence is long.</summary>
    private void Scan(OnnxNode node, OnnxGraph body, CostScope scope, CostTally tally, int calls)
    {
        var sequences = (int)Math.Clamp(node.FindAttribute("num_scan_inputs") is { Type: OnnxAttributeType.Int, ReferenceName: null } count ? count.AsInt() : 0, 0, node.Inputs.Length);
        var states = node.Inputs.Length - sequences;
        var axes = node.FindAttribute("scan_input_axes") is { Type: OnnxAttributeType.Ints, ReferenceName: null } given ? given.AsInts() : [];
        var outputAxes = node.FindAttribute("scan_output_axes") is { Type: OnnxAttributeType.Ints, ReferenceName: null } results ? results.AsInts() : [];
        long? passes = null;
        var inner = new CostScope(scope, scope.Versions);
        for (var index = 0; index < Math.Min(body.Inputs.Length, node.Inputs.Length); index++)
        {
            var value = Forget(scope.Find(node.Inputs[index]));
            if (index >= states && value.Known.Shape is { Length: > 0 } shape)
            {
                var axis = index - states < axes.Length ? axes[index - states] : 0;
                axis = axis < 0 ? axis + shape.Length : axis;
                if (axis >= 0 && axis < shape.Length)
                {
                    passes ??= shape[(int)axis] is { IsConstant: true, Factor: >= 0 } length ? length.Factor : null;
                    value = value with { Known = BatchValue.Shared(shape.RemoveAt((int)axis)) };
                }
            }

            inner.Set(body.Inputs[index].Name, value);
        }

        var own = new CostTally();
        Follow(body, inner, own, calls);
        tally.Add(own, passes ?? 1);
        if (passes is null || scope.Versions.GetValueOrDefault("") < 9) tally.Notes.Add($"{node} is counted as one pass");
        if (outputAxes.Any(axis => axis != 0)) passes = null;
        SetOutputs(node, scope, output => output >= body.Outputs.Length ? null
            : output >= states && passes is null ? CostValue.Unknown
            : Forget(inner.Find(body.Outputs[output].Name), stackedBy: output < states ? null : passes));
    }

    /// <summary>A value that changes from pass to pass: only its shape is kept.</summary>
    private static CostValue Forget(CostValue? value, long? stackedBy = null)
    {
        if (value?.Known.Shape is not { } shape) return CostValue.Unknown with { Type = value?.Type ?? TensorElementType.Undefined };
        return new CostValue(BatchValue.Shared(stackedBy is { } passes ? [Term.Constant(passes), .. shape] : shape), value.Type);
    }
}
