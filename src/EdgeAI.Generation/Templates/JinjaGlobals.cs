namespace EdgeAI.Generation;

/// <summary>The functions that every template finds.</summary>
internal static class JinjaGlobals
{
    private const int LongestRange = 100_000;

    public static void AddTo(Scope scope)
    {
        scope.Set("range", new JinjaFunction("range", Range));
        scope.Set("dict", new JinjaFunction("dict", (_, arguments) => Map(arguments)));
        scope.Set("namespace", new JinjaFunction("namespace", (_, arguments) => Namespace(arguments)));
        scope.Set("joiner", new JinjaFunction("joiner", (_, arguments) => Joiner(arguments.TextOr(0, "sep", ", ")!)));
        scope.Set("raise_exception", new JinjaFunction("raise_exception", (_, arguments) => throw new ChatTemplateException($"The chat template refuses the conversation: {PythonText.Of(arguments.Get(0, "message"))}")));
        scope.Set("strftime_now", new JinjaFunction("strftime_now", (rendering, arguments) => TimeFormat.Format(rendering.TimeProvider.GetLocalNow(), arguments.Text(0, "format"))));
    }

    private static List<object?> Range(Rendering rendering, JinjaArguments arguments)
    {
        var isShort = arguments.Positional.Count < 2;
        var from = isShort ? 0 : arguments.IntegerOr(0, "start", 0);
        var to = arguments.IntegerOr(isShort ? 0 : 1, "stop", 0);
        var step = arguments.IntegerOr(2, "step", 1);
        if (step == 0) throw new ChatTemplateException("The chat template makes a range with a step of zero.");
        var numbers = new List<object?>();
        for (Int128 number = from; step > 0 ? number < to : number > to; number += step)
        {
            if (numbers.Count == LongestRange) throw new ChatTemplateException($"The chat template makes a range of more than {LongestRange:N0} numbers.");
            numbers.Add((long)number);
        }

        rendering.Charge(numbers.Count);
        return numbers;
    }

    private static PythonMap Map(JinjaArguments arguments)
    {
        var map = new PythonMap();
        foreach (var item in arguments.Positional.Count > 0 ? Items(arguments.Positional[0]) : [])
        {
            var pair = PythonOperators.Iterate(item);
            if (pair.Count != 2) throw new ChatTemplateException("The chat template makes a mapping of other things than pairs.");
            map.Set(pair[0], pair[1]);
        }

        foreach (var (name, value) in arguments.Named) map.Set(name, value);
        return map;
    }

    private static JinjaNamespace Namespace(JinjaArguments arguments)
    {
        var result = new JinjaNamespace();
        foreach (var (key, value) in Map(arguments).Items) result.Members[PythonText.Of(key)] = value;
        return result;
    }

    private static List<object?> Items(object? value) => value is PythonMap map ? MapMethods.Items(map) : PythonOperators.Iterate(value);

    private static JinjaFunction Joiner(string separator)
    {
        var isUsed = false;
        return new JinjaFunction("joiner", (_, _) =>
        {
            var result = isUsed ? separator : "";
            isUsed = true;
            return result;
        });
    }
}
