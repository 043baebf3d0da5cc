namespace EdgeAI.Generation;

/// <summary>The methods of Python's lists that change nothing: templates run in an immutable sandbox.</summary>
internal static class ListMethods
{
    public static JinjaFunction? Find(List<object?> list, string name) => name switch
    {
        "index" => new JinjaFunction(name, (_, arguments) => (long)list.FindIndex(item => PythonEquality.AreEqual(item, arguments.Get(0, "value"))) is var at && at >= 0
            ? at
            : throw new ChatTemplateException("The chat template asks where an item is that is not in the list.")),
        "count" => new JinjaFunction(name, (_, arguments) => (long)list.Count(item => PythonEquality.AreEqual(item, arguments.Get(0, "value")))),
        "copy" => new JinjaFunction(name, (_, _) => list.ToList()),
        "append" or "extend" or "insert" or "pop" or "remove" or "clear" or "reverse" or "sort" =>
            new JinjaFunction(name, (_, _) => throw new ChatTemplateException($"The chat template changes a list by '{name}', which is not allowed.")),
        _ => null,
    };
}
