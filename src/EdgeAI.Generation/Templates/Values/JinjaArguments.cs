namespace EdgeAI.Generation;

/// <summary>What a function, filter or test is called with.</summary>
/// <param name="function">For messages.</param>
/// <param name="positional">In order.</param>
/// <param name="named">By name.</param>
internal sealed class JinjaArguments(string function, IReadOnlyList<object?> positional, IReadOnlyDictionary<string, object?> named)
{
    public IReadOnlyList<object?> Positional => positional;

    public IReadOnlyDictionary<string, object?> Named => named;

    /// <summary>An argument by place or name, or nothing where it is not given.</summary>
    public bool TryGet(int place, string name, out object? value)
    {
        if (place < positional.Count)
        {
            value = positional[place];
            return true;
        }

        return named.TryGetValue(name, out value);
    }

    public object? Get(int place, string name) => TryGet(place, name, out var value) ? value : throw new ChatTemplateException($"The chat template calls '{function}' without '{name}'.");

    public object? GetOr(int place, string name, object? fallback) => TryGet(place, name, out var value) ? value : fallback;

    public string Text(int place, string name) => Get(place, name) is string text ? text : throw Wrong(name, "a string");

    public string? TextOr(int place, string name, string? fallback) => GetOr(place, name, fallback) switch
    {
        null => null,
        string text => text,
        _ => throw Wrong(name, "a string"),
    };

    public long IntegerOr(int place, string name, long fallback) => GetOr(place, name, fallback) switch
    {
        long number => number,
        bool truth => truth ? 1 : 0,
        _ => throw Wrong(name, "an integer"),
    };

    public bool TruthOr(int place, string name, bool fallback) => TryGet(place, name, out var value) ? PythonOperators.IsTrue(value) : fallback;

    private ChatTemplateException Wrong(string name, string expected) => new($"The chat template calls '{function}' with a '{name}' that is not {expected}.");
}
