namespace EdgeAI.Onnx;

/// <summary>
/// Bounds what a model becomes when its functions are inlined, as runtimes do while they load it: calls must not lead in a
/// circle, and functions that call functions must not multiply without end.
/// </summary>
internal sealed class FunctionChecker(string modelId, OnnxReaderOptions options)
{
    private readonly Dictionary<(string Domain, string Name, string Overload), OnnxFunction> _functions = [];
    private readonly Dictionary<OnnxFunction, long?> _sizes = new(ReferenceEqualityComparer.Instance);

    public void Check(OnnxModel model)
    {
        foreach (var function in model.Functions)
        {
            if (function.Name.Length == 0) throw Refuse("a function has no name; export the model again");
            if (!_functions.TryAdd((OnnxDomains.Normalize(function.Domain), function.Name, function.Overload), function)) throw Refuse($"function {function} is defined twice; export the model again");
        }

        foreach (var function in model.Functions) SizeOf(function, depth: 1);
        SizeOf(model.Graph.Nodes, depth: 0);
    }

    private long SizeOf(OnnxFunction function, int depth)
    {
        if (_sizes.TryGetValue(function, out var known)) return known ?? throw Refuse($"function {function} calls itself; export the model again");
        if (depth > options.MaxNesting) throw Refuse($"functions call each other more than {options.MaxNesting} deep (OnnxReaderOptions.MaxNesting)");
        _sizes.Add(function, null);
        var size = SizeOf(function.Nodes, depth);
        _sizes[function] = size;
        return size;
    }

    private long SizeOf(IEnumerable<OnnxNode> nodes, int depth)
    {
        long size = 0;
        foreach (var node in NodeWalk.Flatten(nodes))
        {
            size += _functions.TryGetValue((OnnxDomains.Normalize(node.Domain), node.OpType, node.Overload), out var callee) ? SizeOf(callee, depth + 1) + 1 : 1;
            if (size > options.MaxNodes) throw Refuse($"the model has more than {options.MaxNodes} nodes with its functions expanded (OnnxReaderOptions.MaxNodes)");
        }

        return size;
    }

    private ModelLoadException Refuse(string what) => new($"{what}.", modelId);
}
