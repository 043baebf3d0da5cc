namespace EdgeAI.Generation;

/// <summary>The methods of Python's dictionaries that change nothing: templates run in an immutable sandbox.</summary>
internal static class MapMethods
{
    public static JinjaFunction? Find(PythonMap map, string name) => name switch
    {
        "items" => new JinjaFunction(name, (_, _) => Items(map)),
        "keys" => new JinjaFunction(name, (_, _) => map.Keys.ToList<object?>()),
        "values" => new JinjaFunction(name, (_, _) => map.Values.ToList()),
        "get" => new JinjaFunction(name, (_, arguments) => map.TryGet(arguments.Get(0, "key"), out var value) ? value : arguments.GetOr(1, "default", null)),
        "copy" => new JinjaFunction(name, (_, _) => Copy(map)),
        "update" or "pop" or "popitem" or "clear" or "setdefault" => new JinjaFunction(name, (_, _) => throw new ChatTemplateException($"The chat template changes a mapping by '{name}', which is not allowed.")),
        _ => null,
    };

    public static List<object?> Items(PythonMap map) => [.. map.Items.Select(item => new PythonTuple([item.Key, item.Value]))];

    private static PythonMap Copy(PythonMap map)
    {
        var copy = new PythonMap();
        foreach (var (key, value) in map.Items) copy.Set(key, value);
        return copy;
    }
}
