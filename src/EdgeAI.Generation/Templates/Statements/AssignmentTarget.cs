namespace EdgeAI.Generation;

/// <summary>What a value is given to: a variable, several that share its items, or a member of a namespace.</summary>
internal sealed class AssignmentTarget
{
    private readonly string _name;
    private readonly string? _member;
    private readonly IReadOnlyList<AssignmentTarget>? _parts;

    private AssignmentTarget(string name, string? member, IReadOnlyList<AssignmentTarget>? parts)
    {
        _name = name;
        _member = member;
        _parts = parts;
    }

    public static AssignmentTarget Variable(string name) => new(name, null, null);

    public static AssignmentTarget Member(string name, string member) => new(name, member, null);

    public static AssignmentTarget Tuple(IReadOnlyList<AssignmentTarget> parts) => new("", null, parts);

    public void Assign(Scope scope, object? value)
    {
        if (_parts is not null)
        {
            var items = PythonOperators.Iterate(value);
            if (items.Count != _parts.Count) throw new ChatTemplateException($"The chat template gives {items.Count} values to {_parts.Count} variables.");
            for (var i = 0; i < items.Count; i++) _parts[i].Assign(scope, items[i]);
        }
        else if (_member is null)
        {
            scope.Set(_name, value);
        }
        else
        {
            var target = scope.Get(_name) as JinjaNamespace ?? throw new ChatTemplateException($"The chat template sets a member of '{_name}', which is not a namespace.");
            target.Members[_member] = value;
        }
    }
}
