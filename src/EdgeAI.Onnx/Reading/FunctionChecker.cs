namespace EdgeAI.Onnx;

/// <summary>
/// Bounds what a model becomes when its functions are inlined, as runtimes do while they load it: calls must not lead in a
/// circle, functions that call functions must not multiply without end, and the attributes that callers hand down must be in range.
/// </summary>
internal sealed class FunctionChecker(string modelId, OnnxReaderOptions options)
{
    private readonly Dictionary<(string Domain, string Name, string Overload), OnnxFunction> _functions = [];
    private readonly Dictionary<OnnxFunction, long?> _sizes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<OnnxFunction, HashSet<Bound>> _bounds = new(ReferenceEqualityComparer.Instance);

    /// <summary>An attribute with a range inside a function, whose value the caller gives.</summary>
    private readonly record struct Bound(OnnxNode Node, string Attribute, string Reference);

    public void Check(OnnxModel model)
    {
        foreach (var function in model.Functions)
        {
            if (function.Name.Length == 0) throw Refuse("a function has no name; export the model again");
            if (!_functions.TryAdd((OnnxDomains.Normalize(function.Domain), function.Name, function.Overload), function)) throw Refuse($"function {function} is defined twice; export the model again");
        }

        foreach (var function in model.Functions) SizeOf(function, depth: 1);
        SizeOf(model.Graph.Nodes, [], depth: 0);
    }

    private long SizeOf(OnnxFunction function, int depth)
    {
        if (_sizes.TryGetValue(function, out var known)) return known ?? throw Refuse($"function {function} calls itself; export the model again");
        if (depth > options.MaxNesting) throw Refuse($"functions call each other more than {options.MaxNesting} deep (OnnxReaderOptions.MaxNesting)");
        _sizes.Add(function, null);
        var bounds = new HashSet<Bound>();
        _bounds.Add(function, bounds);
        var size = SizeOf(function.Nodes, bounds, depth);
        _sizes[function] = size;
        return size;
    }

    private long SizeOf(IEnumerable<OnnxNode> nodes, HashSet<Bound> bounds, int depth)
    {
        long size = 0;
        foreach (var node in NodeWalk.Flatten(nodes))
        {
            size++;
            foreach (var attribute in node.Attributes)
            {
                if (attribute.ReferenceName is { } reference && AttributeLimits.IsLimited(node, attribute.Name)) bounds.Add(new(node, attribute.Name, reference));
            }

            if (_functions.TryGetValue((OnnxDomains.Normalize(node.Domain), node.OpType, node.Overload), out var callee))
            {
                size += SizeOf(callee, depth + 1);
                CheckBounds(node, callee, bounds);
            }

            if (size > options.MaxNodes) throw Refuse($"the model has more than {options.MaxNodes} nodes with its functions expanded (OnnxReaderOptions.MaxNodes)");
        }

        return size;
    }

    private void CheckBounds(OnnxNode call, OnnxFunction callee, HashSet<Bound> bounds)
    {
        foreach (var bound in _bounds[callee])
        {
            var value = call.FindAttribute(bound.Reference) ?? callee.AttributeDefaults.FirstOrDefault(attribute => attribute.Name == bound.Reference);
            if (value is null) continue;
            if (value.ReferenceName is { } reference) bounds.Add(bound with { Reference = reference });
            else if (AttributeLimits.FindProblem(bound.Node, bound.Attribute, value) is { } problem) throw Refuse($"node {call} calls {callee}, whose node {bound.Node} then has {problem}; export the model again");
        }
    }

    private ModelLoadException Refuse(string what) => new($"{what}.", modelId);
}
