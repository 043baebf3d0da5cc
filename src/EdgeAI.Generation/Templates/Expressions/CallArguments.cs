namespace EdgeAI.Generation;

/// <summary>The arguments of a call as they are written.</summary>
internal sealed record CallArguments(IReadOnlyList<JinjaExpression> Positional, IReadOnlyList<(string Name, JinjaExpression Value)> Named)
{
    public static CallArguments None { get; } = new([], []);

    public JinjaArguments Evaluate(string function, Rendering rendering, Scope scope) => new(
        function,
        [.. Positional.Select(argument => argument.Evaluate(rendering, scope))],
        Named.ToDictionary(argument => argument.Name, argument => argument.Value.Evaluate(rendering, scope), StringComparer.Ordinal));
}
