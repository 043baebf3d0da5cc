using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Walks a model's nodes in order, learns the shape of every value and counts what each node does. One use only.</summary>
/// <param name="model">The model.</param>
/// <param name="symbols">Lengths of symbols by name.</param>
internal sealed partial class CostTrace(OnnxModel model, IReadOnlyDictionary<string, long> symbols)
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

    private static void SetOutputs(OnnxNode node, CostScope scope, Func<int, CostValue?> value)
    {
        for (var output = 0; output < node.Outputs.Length; output++)
        {
            if (node.Outputs[output].Length > 0) scope.Set(node.Outputs[output], value(output) ?? CostValue.Unknown);
        }
    }
}
