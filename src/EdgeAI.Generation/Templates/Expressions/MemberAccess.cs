namespace EdgeAI.Generation;

/// <summary>What values have inside.</summary>
internal static class MemberAccess
{
    public static object? Attribute(object? target, string name) => target switch
    {
        Undefined undefined => throw new ChatTemplateException($"The chat template asks for '{name}' of '{undefined.Name}', which is undefined."),
        LoopState loop => loop.Member(name),
        JinjaNamespace names => names.Members.TryGetValue(name, out var value) ? value : new Undefined(name),
        string text => StringMethods.Find(text, name) ?? (object)new Undefined(name),
        PythonMap map => MapMethods.Find(map, name) ?? (map.TryGet(name, out var value) ? value : new Undefined(name)),
        List<object?> list => ListMethods.Find(list, name) ?? (object)new Undefined(name),
        _ => new Undefined(name),
    };

    public static object? Element(object? target, object? key)
    {
        switch (target)
        {
            case Undefined undefined:
                throw new ChatTemplateException($"The chat template asks for an element of '{undefined.Name}', which is undefined.");
            case PythonMap map when map.TryGet(key, out var value):
                return value;
            case List<object?> list when key is long index:
                return At(list.Count, index) is { } place ? list[place] : new Undefined($"element {index}");
            case string text when key is long index:
                return At(PythonString.Length(text), index) is { } position ? PythonString.CharacterAt(text, position) : new Undefined($"element {index}");
            default:
                return key is string name ? Attribute(target, name) : new Undefined(PythonText.Of(key));
        }
    }

    private static int? At(int count, long index)
    {
        var place = index < 0 ? index + count : index;
        return place >= 0 && place < count ? (int)place : null;
    }
}
