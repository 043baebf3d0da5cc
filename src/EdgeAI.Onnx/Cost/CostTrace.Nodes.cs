namespace EdgeAI.Onnx;

/// <content>Nodes that compute.</content>
internal sealed partial class CostTrace
{
    private void Count(OnnxNode node, CostScope scope, CostTally tally)
    {
        var domain = OnnxDomains.Normalize(node.Domain);
        CostValue?[] inputs = [.. node.Inputs.Select(name => name.Length == 0 ? null : scope.Find(name) ?? CostValue.Unknown)];
        var step = new NodeStep(node, scope.Versions.GetValueOrDefault(domain, domain.Length == 0 ? 0 : 1), [.. inputs.Select(input => input?.Known)], _source);
        var shapes = CostShapes.Of(step, input => Floats(node, scope, input));
        var outputs = new CostValue[node.Outputs.Length];
        for (var output = 0; output < outputs.Length; output++)
        {
            var type = CostTypes.Of(node, output, input => input < inputs.Length && inputs[input] is { } value ? value.Type : TensorElementType.Undefined);
            outputs[output] = Complete(new CostValue(shapes[output], type), node.Outputs[output], scope);
        }

        var isConstant = !MixingOperators.IsRandom(node) && Array.TrueForAll(inputs, input => input?.IsConstant ?? true);
        if (isConstant)
        {
            var isDequantized = node.OpType == "DequantizeLinear";
            SetOutputs(node, scope, output => outputs[output] with
            {
                IsConstant = true,
                QuantizedType = isDequantized ? inputs[0]!.StoredType : TensorElementType.Undefined,
                StoredBytes = isDequantized ? inputs[0]!.Bytes : null,
            });
            if (node.FindAttribute("value") is { Type: OnnxAttributeType.Tensor, ReferenceName: null } value && node.OpType == "Constant") scope.SetTensor(node.Outputs[0], value.AsTensor());
            return;
        }

        var cost = Measure(node, step, inputs, outputs, scope, tally);
        tally.Nodes.Add(cost);
        var isOfProduct = cost.FollowsProduct || cost.Family is OperatorFamily.MatrixProduct or OperatorFamily.Convolution;
        SetOutputs(node, scope, output => outputs[output] with
        {
            IsOfProduct = isOfProduct && output == 0,
            QuantizedType = node.OpType == "DequantizeLinear" ? inputs[0]?.Type ?? TensorElementType.Undefined : TensorElementType.Undefined,
        });
    }

    /// <summary>What the graph declares stands in for what could not be followed.</summary>
    private CostValue Complete(CostValue value, string name, CostScope scope)
    {
        if (value.Lengths is not null && value.Type != TensorElementType.Undefined || scope.Declared(name) is not { } info) return value;
        var declared = InputShapes.ValueOf(info, given: null, symbols, _source);
        return new CostValue(
            value.Lengths is null && declared.Lengths is not null ? declared.Known : value.Known,
            value.Type == TensorElementType.Undefined ? declared.Type : value.Type);
    }

    private static NodeCost Measure(OnnxNode node, NodeStep step, CostValue?[] inputs, CostValue[] outputs, CostScope scope, CostTally tally)
    {
        var rule = CostRules.Find(node.Domain, node.OpType);
        var work = rule?.Count(new CostStep(step, inputs, outputs));
        if (rule is null) tally.Unknown.Add($"{node} is an operator whose work is not known");
        else if (work is null) tally.Unknown.Add($"{node} has lengths that are not known before a run");
        if (work?.Note is { } note) tally.Notes.Add(note);
        var isView = work?.IsView ?? false;
        var (weights, read, written) = (0.0, 0.0, 0.0);
        for (var input = 0; input < inputs.Length && !isView; input++)
        {
            if (inputs[input] is not { } value) continue;
            var bytes = value.Bytes;
            if (input == 0 && work?.ElementsRead is { } elements && bytes is not null && value.Count is > 0 and var count) bytes = Math.Min(bytes.Value, bytes.Value * elements / count);
            if (bytes is null && work is not null) tally.Unknown.Add($"{node} reads '{node.Inputs[input]}', whose size is not known");
            if (value.IsConstant) weights += bytes ?? 0;
            else read += bytes ?? 0;
        }

        for (var output = 0; output < outputs.Length && !isView; output++)
        {
            if (node.Outputs[output].Length == 0 || output > 0 && scope.Uses(node.Outputs[output]) == 0) continue;
            if (outputs[output].Bytes is null && work is not null) tally.Unknown.Add($"{node} writes '{node.Outputs[output]}', whose size is not known");
            written += outputs[output].Bytes ?? 0;
        }

        return new NodeCost
        {
            Node = node.ToString(),
            Domain = OnnxDomains.Normalize(node.Domain),
            OpType = node.OpType,
            Family = rule?.Family ?? OperatorFamily.Unknown,
            ElementType = work?.ElementType ?? inputs.FirstOrDefault(input => input is not null)?.Type ?? TensorElementType.Undefined,
            Flops = work?.Flops ?? 0,
            WeightBytes = weights,
            BytesRead = read,
            BytesWritten = written,
            Rows = work?.Rows ?? 0,
            Columns = work?.Columns ?? 0,
            Depth = work?.Depth ?? 0,
            Groups = work?.Groups ?? 0,
            Window = work?.Window ?? 0,
            Steps = work?.Steps ?? 1,
            IsView = isView,
            FollowsProduct = Follows(node, rule, inputs, scope),
        };
    }

    private static bool Follows(OnnxNode node, CostRule? rule, CostValue?[] inputs, CostScope scope)
    {
        if (rule?.Family != OperatorFamily.Elementwise && node.OpType != "BatchNormalization") return false;
        int[] varying = [.. Enumerable.Range(0, inputs.Length).Where(input => inputs[input] is { IsConstant: false })];
        return varying is [var only] && inputs[only]!.IsOfProduct && scope.Uses(node.Inputs[only]) == 1;
    }

    /// <summary>The elements of a constant as fractions, which shapes alone do not keep.</summary>
    private static float[]? Floats(OnnxNode node, CostScope scope, int input)
    {
        if (input >= node.Inputs.Length || scope.FindTensor(node.Inputs[input]) is not { ElementType: TensorElementType.Float32, ElementCount: <= BatchValue.MaxElements } tensor) return null;
        try
        {
            return tensor.ToArray<float>();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
