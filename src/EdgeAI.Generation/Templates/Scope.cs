namespace EdgeAI.Generation;

/// <summary>Variables, and those around them. What is set in an inner scope does not reach the outer ones.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public void Set(string name, object? value) => _variables[name] = value;

    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._variables.TryGetValue(name, out var value)) return value;
        }

        return new Undefined(name);
    }

    private Scope? Outer => outer;
}
