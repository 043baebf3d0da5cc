namespace EdgeAI.Generation;

/// <summary>A dictionary that keeps the order of its keys, which are texts, numbers or truth values.</summary>
internal sealed class PythonMap
{
    private readonly OrderedDictionary<object, object?> _items = new(PythonEquality.Instance);

    public int Count => _items.Count;

    public IEnumerable<object> Keys => _items.Keys;

    public IEnumerable<object?> Values => _items.Values;

    public IEnumerable<KeyValuePair<object, object?>> Items => _items;

    public void Set(object? key, object? value) => _items[Checked(key)] = value;

    public bool TryGet(object? key, out object? value)
    {
        value = null;
        return key is string or long or double or bool && _items.TryGetValue(key, out value);
    }

    private static object Checked(object? key) => key is string or long or double or bool ? key : throw new ChatTemplateException($"The chat template uses {PythonText.TypeOf(key)} as a key.");
}
