using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Walks a model's nodes in order, learns the shape of every value and counts what each node does. One use only.</summary>
/// <param name="model">The model.</param>
/// <param name="symbols">Lengths of symbols by name.</param>
internal sealed class CostTrace(OnnxModel model, IReadOnlyDictionary<string, long> symbols)
{
    private const int MaxCalls = 16;
    private const int MaxNodes = 1_000_000;

    private readonly SymbolSource _source = new();
    private readonly CostTally _tally = new();
    private int _nodes;

    public IReadOnlyList<NodeCost> Nodes => _tally.Nodes;

    public IReadOnlyList<string> Unknown => _tally.Unknown;

    public IReadOnlyList<string> Notes => _tally.Notes;

    /// <summary>Counts the model's own graph.</summary>
    /// <returns>What is known of its outputs, by name.</returns>
    public IReadOnlyDictionary<string, CostValue> Follow(InputShapes inputs)
    {
        var scope = new CostScope(outer: null, VersionsOf(model.OpsetImports));
        foreach (var (name, value) in inputs.Values) scope.Set(name, value);
        Follow(model.Graph, scope, _tally, calls: 0);
        var outputs = new Dictionary<string, CostValue>(StringComparer.Ordinal);
        foreach (var output in model.Graph.Outputs) outputs[output.Name] = scope.Find(output.Name) ?? CostValue.Unknown;
        return outputs;
    }

    private static Dictionary<string, long> VersionsOf(ImmutableArray<OnnxOpsetImport> imports)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var import in imports) versions.TryAdd(OnnxDomains.Normalize(import.Domain), import.Version);
        return versions;
    }

    private void Follow(OnnxGraph graph, CostScope scope, CostTally tally, int calls)
    {
        foreach (var tensor in graph.Initializers)
        {
            scope.SetTensor(tensor.Name, tensor);
            scope.Set(tensor.Name, new CostValue(ConstantNumbers.Read(tensor, _source), tensor.ElementType) { IsConstant = true });
        }

        foreach (var tensor in graph.SparseInitializers)
        {
            scope.Set(tensor.Name, new CostValue(BatchValue.Shared([.. tensor.Lengths.ToArray().Select(length => Term.Constant(length))]), tensor.Values.ElementType) { IsConstant = true });
        }

        foreach (var info in graph.ValueInfos.Concat(graph.Outputs)) scope.Declare(info);
        foreach (var output in graph.Outputs) scope.CountUse(output.Name);
        FollowNodes(graph.Nodes, scope, tally, calls);
    }

    private void FollowNodes(ImmutableArray<OnnxNode> nodes, CostScope scope, CostTally tally, int calls)
    {
        foreach (var node in nodes)
        {
            foreach (var name in GraphOrder.UsedBy(node)) scope.CountUse(name);
        }

        if (GraphOrder.Sort(nodes) is not { } sorted)
        {
            tally.Unknown.Add("the nodes depend on each other in a circle");
            return;
        }

        foreach (var node in sorted)
        {
            if (++_nodes > MaxNodes)
            {
                if (_nodes == MaxNodes + 1) tally.Unknown.Add($"the functions expand to more than {MaxNodes} nodes");
                return;
            }

            Visit(node, scope, tally, calls);
        }
    }

    private void Visit(OnnxNode node, CostScope scope, CostTally tally, int calls)
    {
        if (FindFunction(node) is { } function) Call(node, function, scope, tally, calls);
        else if (node.Subgraphs.Any()) Branch(node, scope, tally, calls);
        else Count(node, scope, tally);
    }

    private OnnxFunction? FindFunction(OnnxNode node)
    {
        if (model.Functions.IsEmpty) return null;
        var domain = OnnxDomains.Normalize(node.Domain);
        return model.Functions.FirstOrDefault(function => function.Name == node.OpType && OnnxDomains.Normalize(function.Domain) == domain && function.Overload == node.Overload);
    }

    private void Call(OnnxNode node, OnnxFunction function, CostScope scope, CostTally tally, int calls)
    {
        if (calls == MaxCalls)
        {
            tally.Unknown.Add($"{node} calls functions more than {MaxCalls} deep");
            SetOutputs(node, scope, _ => CostValue.Unknown);
            return;
        }

        var inner = new CostScope(outer: null, VersionsOf([.. function.OpsetImports, .. model.OpsetImports]));
        for (var index = 0; index < function.Inputs.Length; index++)
        {
            // An input that the caller leaves out is left out inside.
            if (index < node.Inputs.Length && node.Inputs[index].Length > 0) inner.Set(function.Inputs[index], scope.Find(node.Inputs[index]) ?? CostValue.Unknown);
        }

        foreach (var output in function.Outputs) inner.CountUse(output);
        FollowNodes([.. function.Nodes.Select(inside => FunctionCall.Bind(inside, node, function))], inner, tally, calls + 1);
        SetOutputs(node, scope, output => output < function.Outputs.Length ? inner.Find(function.Outputs[output]) : null);
    }

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

    private static void SetOutputs(OnnxNode node, CostScope scope, Func<int, CostValue?> value)
    {
        for (var output = 0; output < node.Outputs.Length; output++)
        {
            if (node.Outputs[output].Length > 0) scope.Set(node.Outputs[output], value(output) ?? CostValue.Unknown);
        }
    }

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
