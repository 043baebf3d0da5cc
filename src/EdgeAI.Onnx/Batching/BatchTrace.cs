using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Follows the rows through the nodes of a graph, one after the other, and stops where they could meet. One use only.</summary>
/// <param name="model">The model.</param>
/// <param name="symbols">Names for what is not known.</param>
internal sealed class BatchTrace(OnnxModel model, SymbolSource symbols)
{
    private const int MaxCalls = 16;
    private const int MaxNodes = 1_000_000;

    private int _nodes;

    /// <summary>Follows a graph's nodes, sorted already.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="imports">The operator sets that they use.</param>
    /// <param name="values">What is known of the graph's inputs and constants; receives all other values.</param>
    /// <returns>Why the rows do not stay apart; <see langword="null"/> where they do.</returns>
    public string? Follow(IEnumerable<OnnxNode> nodes, ImmutableArray<OnnxOpsetImport> imports, Dictionary<string, BatchValue> values) => Follow(nodes, VersionsOf(imports), values, calls: 0);

    private static Dictionary<string, long> VersionsOf(ImmutableArray<OnnxOpsetImport> imports)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var import in imports) versions.TryAdd(OnnxDomains.Normalize(import.Domain), import.Version);
        return versions;
    }

    private string? Follow(IEnumerable<OnnxNode> nodes, Dictionary<string, long> versions, Dictionary<string, BatchValue> values, int calls)
    {
        foreach (var node in nodes)
        {
            if (++_nodes > MaxNodes) return $"its functions expand to more than {MaxNodes} nodes";
            if (Visit(node, versions, values, calls) is { } problem) return problem;
        }

        return null;
    }

    private string? Visit(OnnxNode node, Dictionary<string, long> versions, Dictionary<string, BatchValue> values, int calls)
    {
        var domain = OnnxDomains.Normalize(node.Domain);
        var step = new NodeStep(node, versions.GetValueOrDefault(domain, domain.Length == 0 ? 0 : 1), [.. node.Inputs.Select(name => Find(values, name))], symbols);
        if (step.Inputs.Any(input => input is { IsFollowed: false })) return Blame(node, "uses an output of another node that is not followed");
        if (FindFunction(node, domain) is { } function)
        {
            if (BatchRules.Find(domain, node.OpType) is not null) return Blame(node, "is both an operator and a function of the model");
            return Call(node, function, step, values, calls);
        }

        if (MixingOperators.IsRandom(node)) return Blame(node, MixingOperators.Describe(node.OpType));
        if (node.Subgraphs.Any()) return FollowSubgraphs(node, values);
        if (ShapeArithmetic.Compute(step) is { } numbers && step.Problem is null)
        {
            for (var output = 0; output < node.Outputs.Length; output++) Define(values, node, output, output < numbers.Length ? numbers[output] : BatchValue.Unfollowed);
            return null;
        }

        Apply(step, domain);
        if (step.Problem is { } problem)
        {
            // Nothing of a batch goes in, so nothing of it comes out, whatever the operator does.
            if (!step.IsShared || domain.Length > 0) return Blame(node, problem);
            foreach (var output in node.Outputs) values[output] = BatchValue.Unknown;
            return null;
        }

        for (var output = 0; output < node.Outputs.Length; output++) Define(values, node, output, step.Output(output) ?? (step.IsShared ? BatchValue.Unknown : BatchValue.Unfollowed));
        return null;
    }

    private static BatchValue? Find(Dictionary<string, BatchValue> values, string name) => name.Length == 0 ? null : values.GetValueOrDefault(name, BatchValue.Unfollowed);

    private static void Define(Dictionary<string, BatchValue> values, OnnxNode node, int output, BatchValue value)
    {
        if (node.Outputs[output].Length > 0) values[node.Outputs[output]] = value;
    }

    private static void Apply(NodeStep step, string domain)
    {
        if (BatchRules.Find(domain, step.Node.OpType) is not { } rule)
        {
            step.Refuse(MixingOperators.Describe(step.Node.OpType));
            return;
        }

        for (var input = 0; input < step.InputCount; input++)
        {
            if (step.Inputs[input] is { CountsRows: true } && !rule.MayCountRows(input)) step.Refuse($"computes with the number of rows in '{step.NameOf(input)}' in a way that is not followed");
        }

        if (step.Problem is null) rule.Apply(step);
    }

    private OnnxFunction? FindFunction(OnnxNode node, string domain) =>
        model.Functions.IsEmpty ? null : model.Functions.FirstOrDefault(function => function.Name == node.OpType && OnnxDomains.Normalize(function.Domain) == domain && function.Overload == node.Overload);

    private string? Call(OnnxNode node, OnnxFunction function, NodeStep step, Dictionary<string, BatchValue> values, int calls)
    {
        if (calls == MaxCalls) return Blame(node, $"calls functions more than {MaxCalls} deep");
        if (GraphOrder.Sort(function.Nodes) is not { } body) return Blame(node, "calls a function whose nodes depend on each other in a circle");
        var inner = new Dictionary<string, BatchValue>(StringComparer.Ordinal);
        for (var index = 0; index < function.Inputs.Length; index++)
        {
            // A node in the body that uses an input that the caller left out leaves it out itself; that is not followed.
            inner[function.Inputs[index]] = step.HasInput(index) ? step.Inputs[index]! : BatchValue.Unfollowed;
        }

        if (Follow(body.Select(inside => FunctionCall.Bind(inside, node, function)), VersionsOf([.. function.OpsetImports, .. model.OpsetImports]), inner, calls + 1) is { } problem) return problem;
        for (var output = 0; output < node.Outputs.Length; output++)
        {
            Define(values, node, output, output < function.Outputs.Length ? inner.GetValueOrDefault(function.Outputs[output], BatchValue.Unfollowed) : BatchValue.Unfollowed);
        }

        return null;
    }

    private static string? FollowSubgraphs(OnnxNode node, Dictionary<string, BatchValue> values)
    {
        var isShared = GraphOrder.UsedBy(node).All(name => !values.TryGetValue(name, out var value) || value.IsShared);
        var inside = NodeWalk.Flatten(node.Subgraphs.SelectMany(graph => graph.Nodes));
        if (!isShared || OnnxDomains.Normalize(node.Domain).Length > 0 || inside.Any(inner => MixingOperators.IsRandom(inner) || OnnxDomains.Normalize(inner.Domain).Length > 0)) return Blame(node, MixingOperators.Describe(node.OpType));
        foreach (var output in node.Outputs) values[output] = BatchValue.Unknown;
        return null;
    }

    private static string Blame(OnnxNode node, string problem)
    {
        var name = node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault(output => output.Length > 0) ?? "";
        return $"node '{name}' ({(OnnxDomains.Normalize(node.Domain).Length == 0 ? "" : node.Domain + ".")}{node.OpType}) {problem}";
    }
}
