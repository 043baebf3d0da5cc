using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>A value of a JSON file that came with a model, and where it stands: a member that is missing or of another type becomes a <see cref="ModelLoadException"/> that names it.</summary>
internal readonly struct CheckedJson
{
    private readonly JsonElement _element;
    private readonly string _file;

    public CheckedJson(JsonElement element, string file, string path = "")
    {
        _element = element;
        _file = file;
        Path = path;
    }

    /// <summary>Where the value stands, as in <c>model.vocab</c>.</summary>
    public string Path { get; }

    public JsonValueKind Kind => _element.ValueKind;

    public int Length => _element.ValueKind == JsonValueKind.Array ? _element.GetArrayLength() : throw Unexpected("an array");

    public CheckedJson this[string name] => Optional(name) ?? throw Refusal($"'{Join(name)}' is missing");

    public CheckedJson this[int index] => new(_element[index], _file, $"{Path}[{index}]");

    /// <summary>A member, or nothing where it is missing or null.</summary>
    public CheckedJson? Optional(string name)
    {
        if (_element.ValueKind != JsonValueKind.Object) throw Unexpected("an object");
        return _element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? new CheckedJson(member, _file, Join(name)) : null;
    }

    public string AsString()
    {
        if (_element.ValueKind != JsonValueKind.String) throw Unexpected("a string");
        try
        {
            return _element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw Refusal($"'{Path}' is no valid text", exception);
        }
    }

    public bool AsBoolean() => _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Unexpected("true or false"),
    };

    public int AsInt32(int from, int to) =>
        _element.ValueKind == JsonValueKind.Number && _element.TryGetInt32(out var number) && number >= from && number <= to ? number : throw Unexpected($"a whole number from {from} to {to}");

    public double AsFinite() =>
        _element.ValueKind == JsonValueKind.Number && _element.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Unexpected("a finite number");

    /// <summary>The one character that a string consists of, as a code point.</summary>
    public int AsCharacter()
    {
        var runes = AsString().EnumerateRunes();
        if (!runes.MoveNext()) throw Unexpected("one character");
        var only = runes.Current.Value;
        return runes.MoveNext() ? throw Unexpected("one character") : only;
    }

    public string? StringOrNull(string name) => Optional(name)?.AsString();

    public bool BooleanOr(string name, bool fallback) => Optional(name)?.AsBoolean() ?? fallback;

    /// <summary>The elements of an array, in time linear in its length: an index looks from its beginning.</summary>
    public IEnumerable<CheckedJson> Elements()
    {
        if (_element.ValueKind != JsonValueKind.Array) throw Unexpected("an array");
        foreach (var element in _element.EnumerateArray()) yield return new CheckedJson(element, _file, Path + "[]");
    }

    public IEnumerable<(string Name, CheckedJson Value)> Members()
    {
        if (_element.ValueKind != JsonValueKind.Object) throw Unexpected("an object");
        foreach (var member in _element.EnumerateObject()) yield return (NameOf(member), new CheckedJson(member.Value, _file, Path));
    }

    public ModelLoadException Refusal(string reason, Exception? cause = null) => new($"{reason}.", _file, cause);

    private ModelLoadException Unexpected(string expected) => Refusal($"'{Path}' is not {expected}");

    private string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw Refusal($"a name in '{Path}' is no valid text", exception);
        }
    }

    private string Join(string name) => Path.Length == 0 ? name : $"{Path}.{name}";
}
