namespace EdgeAI.Generation;

/// <summary>The filters that templates may use.</summary>
internal static class JinjaFilters
{
    private static readonly Dictionary<string, JinjaFilter> _filters = new(StringComparer.Ordinal)
    {
        ["tojson"] = TextFilters.ToJson,
        ["trim"] = (_, value, arguments) => PythonString.Trim(PythonText.Of(value), arguments.TextOr(0, "chars", null)),
        ["upper"] = (_, value, _) => PythonText.Of(value).ToUpperInvariant(),
        ["lower"] = (_, value, _) => PythonText.Of(value).ToLowerInvariant(),
        ["title"] = (_, value, _) => TextFilters.Title(PythonText.Of(value)),
        ["capitalize"] = (_, value, _) => PythonString.Capitalize(PythonText.Of(value)),
        ["string"] = (_, value, _) => PythonText.Of(value),
        ["safe"] = (_, value, _) => value,
        ["escape"] = (_, value, _) => TextFilters.Escape(value),
        ["e"] = (_, value, _) => TextFilters.Escape(value),
        ["replace"] = (rendering, value, arguments) => StringMethods.Replace(rendering, PythonText.Of(value), arguments.Text(0, "old"), arguments.Text(1, "new"), arguments.GetOr(2, "count", null) is long count ? count : -1),
        ["indent"] = TextFilters.Indent,
        ["format"] = (_, value, arguments) => Formatting.Percent(PythonText.Of(value), new PythonTuple(arguments.Positional)),
        ["wordcount"] = (_, value, _) => (long)PythonString.SplitAtSpace(PythonText.Of(value), -1).Count,
        ["int"] = NumberFilters.ToInteger,
        ["float"] = NumberFilters.ToFloat,
        ["abs"] = (_, value, _) => PythonOperators.Order("<", value, 0L) < 0 ? PythonOperators.Negate(value) : value,
        ["round"] = NumberFilters.Round,
        ["default"] = Default,
        ["d"] = Default,
        ["length"] = (_, value, _) => Length(value),
        ["count"] = (_, value, _) => Length(value),
        ["attr"] = (_, value, arguments) => MemberAccess.Attribute(value, arguments.Text(0, "name")),
        ["list"] = (_, value, _) => PythonOperators.Iterate(value).ToList(),
        ["items"] = (_, value, _) => value is Undefined ? new List<object?>() : MapMethods.Items(Map(value)),
        ["dictsort"] = CollectionFilters.SortMap,
        ["first"] = (_, value, _) => PythonOperators.Iterate(value) is { Count: > 0 } items ? items[0] : new Undefined("the first of nothing"),
        ["last"] = (_, value, _) => PythonOperators.Iterate(value) is { Count: > 0 } items ? items[^1] : new Undefined("the last of nothing"),
        ["reverse"] = CollectionFilters.Reverse,
        ["join"] = CollectionFilters.Join,
        ["map"] = CollectionFilters.Map,
        ["select"] = (rendering, value, arguments) => CollectionFilters.Select(rendering, value, arguments, keeps: true, byAttribute: false),
        ["reject"] = (rendering, value, arguments) => CollectionFilters.Select(rendering, value, arguments, keeps: false, byAttribute: false),
        ["selectattr"] = (rendering, value, arguments) => CollectionFilters.Select(rendering, value, arguments, keeps: true, byAttribute: true),
        ["rejectattr"] = (rendering, value, arguments) => CollectionFilters.Select(rendering, value, arguments, keeps: false, byAttribute: true),
        ["sort"] = CollectionFilters.Sort,
        ["unique"] = CollectionFilters.Unique,
        ["sum"] = CollectionFilters.Sum,
        ["min"] = (_, value, arguments) => CollectionFilters.Extreme(value, arguments, -1),
        ["max"] = (_, value, arguments) => CollectionFilters.Extreme(value, arguments, 1),
        ["batch"] = CollectionFilters.Batch,
        ["groupby"] = CollectionFilters.GroupBy,
    };

    public static JinjaFilter? Find(string name) => _filters.GetValueOrDefault(name);

    private static object? Default(Rendering rendering, object? value, JinjaArguments arguments) =>
        value is Undefined || (arguments.TruthOr(1, "boolean", false) && !PythonOperators.IsTrue(value)) ? arguments.GetOr(0, "default_value", "") : value;

    private static long Length(object? value) => value switch
    {
        string text => PythonString.Length(text),
        List<object?> list => list.Count,
        PythonMap map => map.Count,
        Undefined => 0,
        _ => throw new ChatTemplateException($"The chat template asks for the length of {PythonText.TypeOf(value)}."),
    };

    private static PythonMap Map(object? value) => value as PythonMap ?? throw new ChatTemplateException($"The chat template asks for the items of {PythonText.TypeOf(value)}.");
}
