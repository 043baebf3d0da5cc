using System.Text.RegularExpressions;

namespace EdgeAI.OnnxRuntime;

/// <summary>Picks from ONNX Runtime's text what a user can act on: the failing node, and the reason without its place in the C++ source.</summary>
internal static partial class NativeMessage
{
    /// <summary>The text without what ONNX Runtime's assertions put in front: error code, source file, function and condition.</summary>
    public static string WithoutLocation(string message)
    {
        var text = message.Trim();
        if (NestedError().Match(text) is { Success: true } nested) return text[(nested.Index + nested.Length)..];
        var location = SourceLocation().Match(text);
        if (!location.Success) return text;
        const string Condition = " was false. ";
        var condition = text.IndexOf(Condition, StringComparison.Ordinal);
        var start = condition >= 0 ? condition + Condition.Length : location.Length;
        return start < text.Length ? text[start..] : text;
    }

    /// <summary>The node that failed in a run, such as <c>Gather 'embed'</c>, and why; <see langword="null"/> where the text names none.</summary>
    public static (string Node, string Reason)? FindFailedNode(string message)
    {
        var match = FailedNode().Match(message);
        return match.Success ? (Describe(match.Groups["op"].Value, match.Groups["node"].Value), WithoutLocation(match.Groups["reason"].Value)) : null;
    }

    /// <summary>The operator that ONNX Runtime does not know, with its domain, and an explanation; <see langword="null"/> where the text is about something else.</summary>
    /// <param name="message">The text of a failed load.</param>
    /// <param name="operators">The model's operators, for texts that leave the domain or the operator out.</param>
    public static (string Operator, string Reason)? FindUnknownOperator(string message, IReadOnlyList<OperatorUse> operators)
    {
        if (NotInOpset().Match(message) is { Success: true } notInOpset)
        {
            var name = Qualify(NodeDomain().Match(message).Groups["domain"].Value, notInOpset.Groups["op"].Value);
            return (name, $"operator {name} does not exist in opset {notInOpset.Groups["version"].Value}; export the model again with an opset that has it");
        }

        if (NotRegistered().Match(message) is { Success: true } notRegistered)
        {
            var name = Qualify(notRegistered.Groups["domain"].Value, notRegistered.Groups["op"].Value);
            return (name, $"operator {name} is not known; it may be a custom operator, which needs its library");
        }

        if (NotImported().Match(message) is { Success: true } notImported)
        {
            var domain = notImported.Groups["domain"].Value;
            var name = Qualify(domain, NodeDomain().Match(message).Groups["op"].Value);
            return (name, $"operator {name} is used, but the model imports no version of '{domain}'; export the model again");
        }

        if (NotImplemented().Match(message) is { Success: true } notImplemented)
        {
            var op = notImplemented.Groups["op"].Value;
            var name = operators.FirstOrDefault(o => o.OpType == op)?.QualifiedName ?? op;
            return (name, $"operator {name} has no implementation for the element types of node '{notImplemented.Groups["node"].Value}'; convert the model to float32");
        }

        if (NewerOpset().Match(message) is { Success: true } newer)
        {
            var domain = newer.Groups["domain"].Value;
            var name = operators.FirstOrDefault(o => o.Domain == (domain == "ai.onnx" ? "" : domain))?.QualifiedName ?? domain;
            return (name, $"operator {name} is asked for in opset {newer.Groups["version"].Value} of {domain}, which is known up to {newer.Groups["known"].Value}; export the model again with that opset");
        }

        return null;
    }

    private static string Qualify(string domain, string op) => domain.Length == 0 ? op : $"{domain}.{op}";

    private static string Describe(string op, string node) => node.Length == 0 ? op : $"{op} '{node}'";

    // GCC gives the function's whole signature, MSVC and some macros only its name.
    [GeneratedRegex(@"^(?:/\S+\.\w+:\d+ [^()]*\w\((?:[^()]|\([^()]*\))*\)(?: const)?(?: \[with [^\]]*\])? |\S+\.(?:h|cc|cpp|cu|cuh):\d+ \S+ )")]
    private static partial Regex SourceLocation();

    [GeneratedRegex(@"\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : ")]
    private static partial Regex NestedError();

    [GeneratedRegex(@"returned while running (?<op>\S+) node\. Name:'(?<node>[^']*)' Status Message: (?<reason>.*)", RegexOptions.Singleline)]
    private static partial Regex FailedNode();

    [GeneratedRegex(@"In Node, \(""[^""]*"", (?<op>[^,]+), ""(?<domain>[^""]*)""")]
    private static partial Regex NodeDomain();

    [GeneratedRegex(@"No Op registered for (?<op>\S+) with domain_version of (?<version>-?\d+)")]
    private static partial Regex NotInOpset();

    [GeneratedRegex(@"Fatal error: (?<domain>[^:]*):(?<op>[^(]+)\(-?\d+\) is not a registered function/op")]
    private static partial Regex NotRegistered();

    [GeneratedRegex(@"No opset import for domain '(?<domain>[^']*)'")]
    private static partial Regex NotImported();

    [GeneratedRegex(@"Could not find an implementation for (?<op>[^(\s]+)\(\d+\) node with name '(?<node>[^']*)'")]
    private static partial Regex NotImplemented();

    [GeneratedRegex(@"Opset (?<version>\d+) is under development.*domain (?<domain>\S+) is till opset (?<known>\d+)", RegexOptions.Singleline)]
    private static partial Regex NewerOpset();
}
