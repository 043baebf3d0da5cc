using System.Numerics;

namespace EdgeAI.Generation;

/// <summary>The tests that templates may use after <c>is</c>.</summary>
internal static class JinjaTests
{
    private static readonly Dictionary<string, JinjaTest> _tests = new(StringComparer.Ordinal)
    {
        ["defined"] = (value, _) => value is not Undefined,
        ["undefined"] = (value, _) => value is Undefined,
        ["none"] = (value, _) => value is null,
        ["string"] = (value, _) => value is string,
        ["mapping"] = (value, _) => value is PythonMap,
        ["sequence"] = (value, _) => value is string or List<object?> or PythonMap or Undefined,
        ["iterable"] = (value, _) => value is string or List<object?> or PythonMap or Undefined,
        ["number"] = (value, _) => value is long or double or bool or BigInteger,
        ["integer"] = (value, _) => value is long or BigInteger,
        ["float"] = (value, _) => value is double,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["callable"] = (value, _) => value is JinjaFunction,
        ["in"] = (value, arguments) => PythonOperators.Contains(arguments.Get(0, "seq"), value),
        ["even"] = (value, _) => Integer(value) % 2 == 0,
        ["odd"] = (value, _) => Integer(value) % 2 != 0,
        ["divisibleby"] = (value, arguments) => arguments.IntegerOr(0, "num", 0) is var divisor && divisor != 0 ? Integer(value) % divisor == 0 : throw new ChatTemplateException("The chat template divides by zero."),
        ["sameas"] = (value, arguments) => IsSame(value, arguments.Get(0, "other")),
        ["upper"] = (value, _) => value is string text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        ["lower"] = (value, _) => value is string text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        ["filter"] = (value, _) => value is string name && JinjaFilters.Find(name) is not null,
        ["test"] = (value, _) => value is string name && Find(name) is not null,
        ["eq"] = Comparison("=="),
        ["equalto"] = Comparison("=="),
        ["=="] = Comparison("=="),
        ["ne"] = Comparison("!="),
        ["!="] = Comparison("!="),
        ["lt"] = Comparison("<"),
        ["lessthan"] = Comparison("<"),
        ["<"] = Comparison("<"),
        ["le"] = Comparison("<="),
        ["<="] = Comparison("<="),
        ["gt"] = Comparison(">"),
        ["greaterthan"] = Comparison(">"),
        [">"] = Comparison(">"),
        ["ge"] = Comparison(">="),
        [">="] = Comparison(">="),
    };

    public static JinjaTest? Find(string name) => _tests.GetValueOrDefault(name);

    private static JinjaTest Comparison(string name) => (value, arguments) => PythonOperators.Compare(name, value, arguments.Get(0, "other"));

    private static long Integer(object? value) => value is long number ? number : throw new ChatTemplateException($"The chat template tests whether {PythonText.TypeOf(value)} divides.");

    private static bool IsSame(object? value, object? other) => value is null or bool or long or double or string ? value?.GetType() == other?.GetType() && PythonEquality.AreEqual(value, other) : ReferenceEquals(value, other);
}
