namespace EdgeAI.Generation;

/// <summary>Filters over lists and mappings.</summary>
internal static class CollectionFilters
{
    public static object? Reverse(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var items = PythonOperators.Iterate(value).ToList();
        rendering.Charge(items.Count);
        items.Reverse();
        return value is string ? string.Concat(items) : items;
    }

    public static object? Join(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var items = PythonOperators.Iterate(value);
        if (arguments.GetOr(1, "attribute", null) is { } path) items = [.. items.Select(item => At(item, path))];
        return StringMethods.Join(rendering, PythonText.Of(arguments.GetOr(0, "d", "")), items);
    }

    public static object? Map(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var items = PythonOperators.Iterate(value);
        rendering.Charge(items.Count);
        if (arguments.Positional.Count == 0 && arguments.TryGet(0, "attribute", out var path))
        {
            var hasDefault = arguments.Named.TryGetValue("default", out var fallback);
            return items.Select(item => At(item, path) is var found && found is Undefined && hasDefault ? fallback : found).ToList();
        }

        var name = arguments.Text(0, "filter");
        var filter = JinjaFilters.Find(name) ?? throw new ChatTemplateException($"The chat template uses the filter '{name}', which is not supported.");
        var inner = new JinjaArguments(name, [.. arguments.Positional.Skip(1)], arguments.Named);
        return items.Select(item => filter(rendering, item, inner)).ToList();
    }

    public static object? Select(Rendering rendering, object? value, JinjaArguments arguments, bool keeps, bool byAttribute)
    {
        var items = PythonOperators.Iterate(value);
        rendering.Charge(items.Count);
        var skipped = byAttribute ? 1 : 0;
        var path = byAttribute ? arguments.Get(0, "attribute") : null;
        var inner = new JinjaArguments("select", [.. arguments.Positional.Skip(skipped + 1)], arguments.Named);
        JinjaTest test = (candidate, _) => PythonOperators.IsTrue(candidate);
        if (arguments.Positional.Count > skipped)
        {
            var name = PythonText.Of(arguments.Positional[skipped]);
            test = JinjaTests.Find(name) ?? throw new ChatTemplateException($"The chat template uses the test '{name}', which is not supported.");
        }

        return items.Where(item => test(byAttribute ? At(item, path) : item, inner) == keeps).ToList();
    }

    public static object? Sort(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var path = arguments.GetOr(2, "attribute", null);
        return Sorted(rendering, PythonOperators.Iterate(value), item => Key(At(item, path), arguments.TruthOr(1, "case_sensitive", false)), arguments.TruthOr(0, "reverse", false));
    }

    public static object? SortMap(Rendering rendering, object? value, JinjaArguments arguments)
    {
        if (value is not PythonMap map) throw new ChatTemplateException($"The chat template sorts {PythonText.TypeOf(value)} as a mapping.");
        var part = arguments.TextOr(1, "by", "key") == "value" ? 1 : 0;
        return Sorted(rendering, MapMethods.Items(map), item => Key(((PythonTuple)item!)[part], arguments.TruthOr(0, "case_sensitive", false)), arguments.TruthOr(2, "reverse", false));
    }

    public static object? Unique(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var path = arguments.GetOr(1, "attribute", null);
        var result = new List<object?>();
        var seen = new List<object?>();
        foreach (var item in PythonOperators.Iterate(value))
        {
            rendering.Charge(1 + seen.Count);
            var key = Key(At(item, path), arguments.TruthOr(0, "case_sensitive", false));
            if (seen.Any(one => PythonEquality.AreEqual(one, key))) continue;
            seen.Add(key);
            result.Add(item);
        }

        return result;
    }

    public static object? Sum(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var path = arguments.GetOr(0, "attribute", null);
        return PythonOperators.Iterate(value).Aggregate(arguments.GetOr(1, "start", 0L), (sum, item) => PythonOperators.Binary(rendering, "+", sum, At(item, path)));
    }

    public static object? Extreme(object? value, JinjaArguments arguments, int sign)
    {
        var path = arguments.GetOr(1, "attribute", null);
        object? best = new Undefined("the extreme of nothing");
        foreach (var item in PythonOperators.Iterate(value))
        {
            if (best is Undefined || PythonOperators.Order("<", Key(At(item, path), false), Key(At(best, path), false)) * sign > 0) best = item;
        }

        return best;
    }

    public static object? Batch(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var size = (int)Math.Clamp(arguments.IntegerOr(0, "linecount", 0), 1, int.MaxValue);
        var rows = PythonOperators.Iterate(value).Chunk(size).Select(row => row.ToList()).ToList();
        if (rows.Count > 0 && arguments.GetOr(1, "fill_with", null) is { } filler)
        {
            rendering.Charge(size);
            while (rows[^1].Count < size) rows[^1].Add(filler);
        }

        return rows.ToList<object?>();
    }

    public static object? GroupBy(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var path = arguments.Get(0, "attribute");
        var groups = new List<object?>();
        foreach (var item in Sorted(rendering, PythonOperators.Iterate(value), item => Key(At(item, path), false), reverse: false))
        {
            var key = At(item, path);
            if (groups.Count == 0 || !PythonEquality.AreEqual(Key(((PythonTuple)groups[^1]!)[0], false), Key(key, false))) groups.Add(new PythonTuple([key, new List<object?>()]));
            ((List<object?>)((PythonTuple)groups[^1]!)[1]!).Add(item);
        }

        return groups;
    }

    // A member, a place, or a path of them parted by points.
    private static object? At(object? item, object? path) => path switch
    {
        null => item,
        string names => names.Split('.').Aggregate(item, (value, name) => MemberAccess.Element(value, long.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out var place) ? place : name)),
        _ => MemberAccess.Element(item, path),
    };

    private static object? Key(object? value, bool isCaseSensitive) => value is string text && !isCaseSensitive ? text.ToLowerInvariant() : value;

    private static List<object?> Sorted(Rendering rendering, List<object?> items, Func<object?, object?> key, bool reverse)
    {
        rendering.Charge(items.Count * (1 + Math.Log2(items.Count + 1)));
        var comparer = Comparer<object?>.Create((left, right) => PythonOperators.Order("<", left, right));
        return reverse ? [.. items.OrderByDescending(key, comparer)] : [.. items.OrderBy(key, comparer)];
    }
}
