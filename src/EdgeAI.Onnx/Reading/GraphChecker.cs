using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// Checks that every value is defined once and before use, whatever the order of the nodes: runtimes sort the nodes themselves,
/// and follow names without asking whether they lead in a circle. A value may hide one of the same name in a graph around it,
/// as exporters have it.
/// </summary>
internal sealed class GraphChecker(string modelId)
{
    public void CheckModel(OnnxModel model)
    {
        CheckGraph(model.Graph, outer: null, freeNames: null, isFunctionBody: false);
        foreach (var function in model.Functions) CheckFunction(function);
        if (PoolingCheck.FindProblem(model.Graph) is { } problem) throw Refuse($"{problem}; give the model larger inputs or export it again");
    }

    private void CheckFunction(OnnxFunction function)
    {
        var scope = new ValueScope(outer: null);
        foreach (var input in function.Inputs) Define(scope, input, ValueScope.NoNode, $"an input of function {function}");
        CheckNodes(function.Nodes, scope, freeNames: null, isFunctionBody: true);
        foreach (var output in function.Outputs)
        {
            if (!scope.IsVisible(output)) throw Refuse($"output '{output}' of function {function} is defined by nothing; export the model again");
        }
    }

    /// <summary>Checks a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="outer">What the graph sees from outside.</param>
    /// <param name="freeNames">Receives the names that it uses from outside.</param>
    /// <param name="isFunctionBody">Whether it lies in a function, where attributes may refer to the caller's.</param>
    private void CheckGraph(OnnxGraph graph, ValueScope? outer, HashSet<string>? freeNames, bool isFunctionBody)
    {
        var scope = new ValueScope(outer);
        foreach (var input in graph.Inputs) Define(scope, input.Name, ValueScope.NoNode, $"an input of graph '{graph}'");
        var initializers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in graph.Initializers.Select(tensor => tensor.Name).Concat(graph.SparseInitializers.Select(tensor => tensor.Name)))
        {
            if (!initializers.Add(name)) throw Refuse($"graph '{graph}' has two initializers '{name}'; export the model again");
            if (name.Length == 0) throw Refuse($"an initializer of graph '{graph}' has no name; export the model again");
            scope.TryDefine(name, ValueScope.NoNode);
        }

        CheckNodes(graph.Nodes, scope, freeNames, isFunctionBody);
        var outputs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var output in graph.Outputs)
        {
            if (!outputs.Add(output.Name)) throw Refuse($"graph '{graph}' has two outputs '{output.Name}'; export the model again");
            if (!scope.IsVisible(output.Name)) throw Refuse($"output '{output.Name}' of graph '{graph}' is defined by nothing; export the model again");
            if (!scope.TryFind(output.Name, out _)) freeNames?.Add(output.Name);
        }
    }

    private void CheckNodes(ImmutableArray<OnnxNode> nodes, ValueScope scope, HashSet<string>? freeNames, bool isFunctionBody)
    {
        for (var index = 0; index < nodes.Length; index++)
        {
            CheckNode(nodes[index], index, isFunctionBody);
            foreach (var output in nodes[index].Outputs)
            {
                if (output.Length > 0) Define(scope, output, index, $"an output of node {nodes[index]}");
            }
        }

        var order = new DependencyOrder(nodes.Length);
        for (var index = 0; index < nodes.Length; index++)
        {
            foreach (var name in UsedNames(nodes[index], scope, isFunctionBody))
            {
                if (scope.TryFind(name, out var producer)) order.Add(producer, index);
                else if (scope.IsVisible(name)) freeNames?.Add(name);
                else throw Refuse($"node {nodes[index]} uses value '{name}', which nothing defines; export the model again");
            }
        }

        if (order.FindCycle() is { } member) throw Refuse($"node {nodes[member]} depends on its own output; a graph must have no cycles, export the model again");
    }

    private IEnumerable<string> UsedNames(OnnxNode node, ValueScope scope, bool isFunctionBody)
    {
        foreach (var input in node.Inputs)
        {
            if (input.Length > 0) yield return input;
        }

        foreach (var graph in node.Subgraphs)
        {
            var inner = new HashSet<string>(StringComparer.Ordinal);
            CheckGraph(graph, scope, inner, isFunctionBody);
            foreach (var name in inner) yield return name;
        }
    }

    private void CheckNode(OnnxNode node, int index, bool isFunctionBody)
    {
        if (node.OpType.Length == 0) throw Refuse($"node {index} '{node.Name}' names no operator; export the model again");
        for (var i = 0; i < node.Attributes.Length; i++)
        {
            var attribute = node.Attributes[i];
            if (node.FindAttribute(attribute.Name) != attribute) throw Refuse($"node {node} has two attributes '{attribute.Name}'; export the model again");
            if (attribute.ReferenceName is not null && !isFunctionBody) throw Refuse($"attribute '{attribute.Name}' of node {node} refers to a caller's attribute, but the node is in no function; export the model again");
        }

        if (AttributeLimits.FindProblem(node) is { } problem) throw Refuse($"node {node} has {problem}; export the model again");
    }

    private void Define(ValueScope scope, string name, int producer, string role)
    {
        if (name.Length == 0) throw Refuse($"{role} has no name; export the model again");
        if (!scope.TryDefine(name, producer)) throw Refuse($"value '{name}', {role}, is defined twice; export the model again");
    }

    private ModelLoadException Refuse(string what) => new($"{what}.", modelId);
}
