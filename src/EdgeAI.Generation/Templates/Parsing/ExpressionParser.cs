using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary>Reads expressions, with the precedence of Jinja: <c>if</c>, <c>or</c>, <c>and</c>, <c>not</c>, comparison, sum, <c>~</c>, product, power, sign, then members, filters and tests.</summary>
internal sealed class ExpressionParser(JinjaTokens tokens)
{
    private static readonly string[] _comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private static readonly string[] _noArguments = ["else", "or", "and", "is", "if", "not", "in", "recursive"];

    /// <summary>One expression, or several with commas between that make a tuple.</summary>
    public JinjaExpression ParseTuple(bool allowsCondition = true)
    {
        var first = ParseItem(allowsCondition);
        if (!tokens.Current.Is(JinjaTokenKind.Operator, ",")) return first;
        var items = new List<JinjaExpression> { first };
        while (tokens.TryTakeOperator(",") && !EndsTuple()) items.Add(ParseItem(allowsCondition));
        return new ListExpression(items, isTuple: true);
    }

    public JinjaExpression Parse()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = ParseOr();
        while (tokens.TryTakeName("if"))
        {
            var condition = ParseOr();
            value = new ConditionalExpression(condition, value, tokens.TryTakeName("else") ? Parse() : null);
        }

        return value;
    }

    /// <summary>The arguments of a call, whose opening parenthesis is taken already.</summary>
    public CallArguments ParseArguments()
    {
        var positional = new List<JinjaExpression>();
        var named = new List<(string, JinjaExpression)>();
        while (!tokens.TryTakeOperator(")"))
        {
            if (positional.Count + named.Count > 0) tokens.ExpectOperator(",");
            if (tokens.TryTakeOperator(")")) break;
            if (tokens.Current.Is(JinjaTokenKind.Operator, "*") || tokens.Current.Is(JinjaTokenKind.Operator, "**")) throw tokens.Unsupported("a call with unpacked arguments");
            if (tokens.Current.Kind == JinjaTokenKind.Name && tokens.Following.Is(JinjaTokenKind.Operator, "="))
            {
                var name = tokens.Take().Text;
                tokens.Take();
                if (named.Any(argument => argument.Item1 == name)) throw tokens.Error($"the argument '{name}' is given twice");
                named.Add((name, Parse()));
            }
            else if (named.Count > 0)
            {
                throw tokens.Error("an argument without a name follows one with a name");
            }
            else
            {
                positional.Add(Parse());
            }
        }

        return new CallArguments(positional, named);
    }

    /// <summary>Filters in a row, the first without its bar, for <c>{% filter %}</c>.</summary>
    public List<FilterExpression> ParseFilters(JinjaExpression target)
    {
        var filters = new List<FilterExpression>();
        do filters.Add(ParseFilter(target));
        while (tokens.TryTakeOperator("|"));
        return filters;
    }

    private JinjaExpression ParseItem(bool allowsCondition) => allowsCondition ? Parse() : ParseOr();

    private bool EndsTuple() => tokens.Current.Kind is JinjaTokenKind.BlockEnd or JinjaTokenKind.VariableEnd or JinjaTokenKind.End || tokens.Current.Is(JinjaTokenKind.Operator, ")") || tokens.Current.Is(JinjaTokenKind.Operator, "=");

    private JinjaExpression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.TryTakeName("or")) left = new LogicalExpression(isAnd: false, left, ParseAnd());
        return left;
    }

    private JinjaExpression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.TryTakeName("and")) left = new LogicalExpression(isAnd: true, left, ParseNot());
        return left;
    }

    private JinjaExpression ParseNot()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return tokens.TryTakeName("not") ? new UnaryExpression("not", ParseNot()) : ParseComparison();
    }

    private JinjaExpression ParseComparison()
    {
        var first = ParseSum();
        var rest = new List<(string, JinjaExpression)>();
        while (TakeComparison() is { } name) rest.Add((name, ParseSum()));
        return rest.Count == 0 ? first : new ComparisonExpression(first, rest);
    }

    private string? TakeComparison()
    {
        if (tokens.Current.Kind == JinjaTokenKind.Operator && _comparisons.Contains(tokens.Current.Text)) return tokens.Take().Text;
        if (tokens.TryTakeName("in")) return "in";
        if (!tokens.Current.Is(JinjaTokenKind.Name, "not") || !tokens.Following.Is(JinjaTokenKind.Name, "in")) return null;
        tokens.Take();
        tokens.Take();
        return "not in";
    }

    private JinjaExpression ParseSum() => ParseBinary(ParseConcatenation, "+", "-");

    private JinjaExpression ParseConcatenation() => ParseBinary(ParseProduct, "~");

    private JinjaExpression ParseProduct() => ParseBinary(ParsePower, "*", "/", "//", "%");

    private JinjaExpression ParsePower() => ParseBinary(() => ParseUnary(withFilters: true), "**");

    private JinjaExpression ParseBinary(Func<JinjaExpression> operand, params ReadOnlySpan<string> names)
    {
        var left = operand();
        while (tokens.Current.Kind == JinjaTokenKind.Operator && names.Contains(tokens.Current.Text)) left = new BinaryExpression(tokens.Take().Text, left, operand());
        return left;
    }

    private JinjaExpression ParseUnary(bool withFilters)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = tokens.Current.Is(JinjaTokenKind.Operator, "-") || tokens.Current.Is(JinjaTokenKind.Operator, "+")
            ? new UnaryExpression(tokens.Take().Text, ParseUnary(withFilters: false))
            : ParsePrimary();
        value = ParsePostfix(value);
        return withFilters ? ParseFiltersAndTests(value) : value;
    }

    private JinjaExpression ParsePrimary()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case JinjaTokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new LiteralExpression(true),
                    "false" or "False" => new LiteralExpression(false),
                    "none" or "None" => new LiteralExpression(null),
                    _ => new VariableExpression(token.Text),
                };
            case JinjaTokenKind.String:
                var text = token.Text;
                while (tokens.Current.Kind == JinjaTokenKind.String) text += tokens.Take().Text;
                return new LiteralExpression(text);
            case JinjaTokenKind.Integer:
                var number = BigInteger.Parse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture);
                return number <= long.MaxValue ? new LiteralExpression((long)number) : throw tokens.Unsupported("an integer of more than 64 bits");
            case JinjaTokenKind.Float:
                return new LiteralExpression(double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture));
            case JinjaTokenKind.Operator when token.Text == "(":
                return ParseParentheses();
            case JinjaTokenKind.Operator when token.Text == "[":
                return new ListExpression(ParseItems("]"), isTuple: false);
            case JinjaTokenKind.Operator when token.Text == "{":
                return ParseMap();
            default:
                throw tokens.Error($"unexpected {token}");
        }
    }

    private JinjaExpression ParseParentheses()
    {
        if (tokens.TryTakeOperator(")")) return new ListExpression([], isTuple: true);
        var value = ParseTuple();
        tokens.ExpectOperator(")");
        return value;
    }

    private List<JinjaExpression> ParseItems(string closing)
    {
        var items = new List<JinjaExpression>();
        while (!tokens.TryTakeOperator(closing))
        {
            if (items.Count > 0) tokens.ExpectOperator(",");
            if (tokens.TryTakeOperator(closing)) break;
            items.Add(Parse());
        }

        return items;
    }

    private MapExpression ParseMap()
    {
        var items = new List<(JinjaExpression, JinjaExpression)>();
        while (!tokens.TryTakeOperator("}"))
        {
            if (items.Count > 0) tokens.ExpectOperator(",");
            if (tokens.TryTakeOperator("}")) break;
            var key = Parse();
            tokens.ExpectOperator(":");
            items.Add((key, Parse()));
        }

        return new MapExpression(items);
    }

    private JinjaExpression ParsePostfix(JinjaExpression value)
    {
        while (true)
        {
            if (tokens.TryTakeOperator(".")) value = ParseMember(value);
            else if (tokens.TryTakeOperator("[")) value = ParseSubscript(value);
            else if (tokens.TryTakeOperator("(")) value = new CallExpression(value, ParseArguments());
            else return value;
        }
    }

    private JinjaExpression ParseMember(JinjaExpression target) => tokens.Current.Kind == JinjaTokenKind.Integer
        ? new IndexExpression(target, new LiteralExpression(long.Parse(tokens.Take().Text, NumberStyles.None, CultureInfo.InvariantCulture)))
        : new MemberExpression(target, tokens.TakeName());

    private JinjaExpression ParseSubscript(JinjaExpression target)
    {
        var from = IsBound() ? Parse() : null;
        if (from is not null && tokens.TryTakeOperator("]")) return new IndexExpression(target, from);
        tokens.ExpectOperator(":");
        var to = IsBound() ? Parse() : null;
        var step = tokens.TryTakeOperator(":") && IsBound() ? Parse() : null;
        tokens.ExpectOperator("]");
        return new SliceExpression(target, from, to, step);
    }

    private bool IsBound() => !tokens.Current.Is(JinjaTokenKind.Operator, ":") && !tokens.Current.Is(JinjaTokenKind.Operator, "]");

    private JinjaExpression ParseFiltersAndTests(JinjaExpression value)
    {
        while (true)
        {
            if (tokens.TryTakeOperator("|")) value = ParseFilter(value);
            else if (tokens.TryTakeName("is")) value = ParseTest(value);
            else if (tokens.TryTakeOperator("(")) value = new CallExpression(value, ParseArguments());
            else return value;
        }
    }

    private FilterExpression ParseFilter(JinjaExpression target)
    {
        var name = tokens.TakeName();
        var filter = JinjaFilters.Find(name) ?? throw tokens.Unsupported($"the filter '{name}'");
        return new FilterExpression(target, name, filter, tokens.TryTakeOperator("(") ? ParseArguments() : CallArguments.None);
    }

    private TestExpression ParseTest(JinjaExpression target)
    {
        var isNegated = tokens.TryTakeName("not");
        var name = tokens.TakeName();
        if (name is "True" or "False" or "None") name = name.ToLowerInvariant();
        var test = JinjaTests.Find(name) ?? throw tokens.Unsupported($"the test '{name}'");
        return new TestExpression(target, name, test, ParseTestArguments(), isNegated);
    }

    // One argument may stand without parentheses.
    private CallArguments ParseTestArguments()
    {
        if (tokens.TryTakeOperator("(")) return ParseArguments();
        var isArgument = tokens.Current.Kind switch
        {
            JinjaTokenKind.String or JinjaTokenKind.Integer or JinjaTokenKind.Float => true,
            JinjaTokenKind.Name => !_noArguments.Contains(tokens.Current.Text),
            JinjaTokenKind.Operator => tokens.Current.Text is "[" or "{",
            _ => false,
        };
        return isArgument ? new CallArguments([ParsePostfix(ParsePrimary())], []) : CallArguments.None;
    }
}
