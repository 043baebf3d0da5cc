using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary>Reads a template: text, tags and the bodies between them.</summary>
internal sealed class JinjaParser
{
    private readonly JinjaTokens _tokens;
    private readonly ExpressionParser _expressions;
    private int _loops;

    private JinjaParser(string source)
    {
        _tokens = new JinjaTokens(JinjaLexer.Tokenize(source));
        _expressions = new ExpressionParser(_tokens);
    }

    /// <summary>Reads a whole template.</summary>
    /// <exception cref="ChatTemplateException">It is malformed, or uses what is not supported: named, with the line.</exception>
    public static JinjaStatement Parse(string source)
    {
        try
        {
            var parser = new JinjaParser(source);
            var body = parser.Body([]);
            return parser._tokens.Current.Kind == JinjaTokenKind.End ? body : throw parser._tokens.Error($"unexpected {parser._tokens.Current}");
        }
        catch (InsufficientExecutionStackException exception)
        {
            throw new ChatTemplateException("The chat template is nested too deep.", exception);
        }
    }

    /// <summary>Statements up to one of the tags that may end them, whose name is the current token then.</summary>
    private BlockStatement Body(params ReadOnlySpan<string> ends)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var statements = new List<JinjaStatement>();
        while (_tokens.Current.Kind != JinjaTokenKind.End)
        {
            switch (_tokens.Current.Kind)
            {
                case JinjaTokenKind.Data:
                    statements.Add(new TextStatement(_tokens.Take().Text));
                    break;
                case JinjaTokenKind.VariableBegin:
                    _tokens.Take();
                    statements.Add(new OutputStatement(_expressions.ParseTuple()));
                    _tokens.Expect(JinjaTokenKind.VariableEnd);
                    break;
                default:
                    _tokens.Expect(JinjaTokenKind.BlockBegin);
                    if (_tokens.Current.Kind == JinjaTokenKind.Name && ends.Contains(_tokens.Current.Text)) return new BlockStatement(statements);
                    statements.Add(Tag());
                    break;
            }
        }

        if (ends.Length > 0) throw _tokens.Error($"'{ends[^1]}' is missing");
        return new BlockStatement(statements);
    }

    private JinjaStatement Tag()
    {
        var name = _tokens.TakeName();
        return name switch
        {
            "if" => If(),
            "for" => For(),
            "set" => Set(),
            "macro" => Macro(),
            "call" => Call(),
            "filter" => Filter(),
            "with" => With(),
            "generation" => Generation(),
            "break" => Flow(JinjaFlow.Break),
            "continue" => Flow(JinjaFlow.Continue),
            _ when name is "else" or "elif" || name.StartsWith("end", StringComparison.Ordinal) => throw _tokens.Error($"unexpected '{name}'"),
            _ => throw _tokens.Unsupported($"the tag '{name}'"),
        };
    }

    private IfStatement If()
    {
        var branches = new List<(JinjaExpression?, JinjaStatement)>();
        var condition = _expressions.ParseTuple();
        while (true)
        {
            EndTag();
            branches.Add((condition, condition is null ? Body("endif") : Body("elif", "else", "endif")));
            var end = _tokens.TakeName();
            if (end == "endif") break;
            condition = end == "elif" ? _expressions.ParseTuple() : null;
        }

        EndTag();
        return new IfStatement(branches);
    }

    private ForStatement For()
    {
        var target = Targets();
        _tokens.ExpectName("in");
        var items = _expressions.ParseTuple(allowsCondition: false);
        var condition = _tokens.TryTakeName("if") ? _expressions.Parse() : null;
        if (_tokens.Current.Is(JinjaTokenKind.Name, "recursive")) throw _tokens.Unsupported("a recursive loop");
        EndTag();
        _loops++;
        var body = Body("else", "endfor");
        _loops--;
        JinjaStatement? otherwise = null;
        if (_tokens.TryTakeName("else"))
        {
            EndTag();
            otherwise = Body("endfor");
        }

        End("endfor");
        return new ForStatement(target, items, condition, body, otherwise);
    }

    private JinjaStatement Set()
    {
        var target = Targets(allowsMember: true);
        if (_tokens.TryTakeOperator("="))
        {
            var value = _expressions.ParseTuple();
            EndTag();
            return new SetStatement(target, value);
        }

        IReadOnlyList<FilterExpression> filters = _tokens.TryTakeOperator("|") ? _expressions.ParseFilters(new LiteralExpression(null)) : [];
        EndTag();
        var body = Body("endset");
        End("endset");
        return new CaptureStatement(target, filters, body);
    }

    private MacroStatement Macro()
    {
        var name = _tokens.TakeName();
        _tokens.ExpectOperator("(");
        var parameters = Parameters();
        EndTag();
        var body = Detached("endmacro");
        if (_tokens.Current.Kind == JinjaTokenKind.Name && _tokens.Current.Text == name) _tokens.Take();
        EndTag();
        return new MacroStatement(name, parameters, body);
    }

    private CallStatement Call()
    {
        IReadOnlyList<(string, JinjaExpression?)> parameters = _tokens.TryTakeOperator("(") ? Parameters() : [];
        if (_expressions.Parse() is not CallExpression call) throw _tokens.Error("'call' without a call");
        EndTag();
        var body = Detached("endcall");
        EndTag();
        return new CallStatement(call, new MacroStatement("caller", parameters, body));
    }

    // The body of a function: no loop around it is its own.
    private BlockStatement Detached(string end)
    {
        var loops = _loops;
        _loops = 0;
        var body = Body(end);
        _loops = loops;
        _tokens.ExpectName(end);
        return body;
    }

    private List<(string Name, JinjaExpression? Default)> Parameters()
    {
        var parameters = new List<(string, JinjaExpression?)>();
        while (!_tokens.TryTakeOperator(")"))
        {
            if (parameters.Count > 0) _tokens.ExpectOperator(",");
            parameters.Add((_tokens.TakeName(), _tokens.TryTakeOperator("=") ? _expressions.Parse() : null));
        }

        return parameters;
    }

    private CaptureStatement Filter()
    {
        var filters = _expressions.ParseFilters(new LiteralExpression(null));
        EndTag();
        var body = Body("endfilter");
        End("endfilter");
        return new CaptureStatement(null, filters, body);
    }

    private ScopeStatement With()
    {
        var variables = new List<(AssignmentTarget, JinjaExpression)>();
        while (_tokens.Current.Kind == JinjaTokenKind.Name)
        {
            var target = AssignmentTarget.Variable(_tokens.TakeName());
            _tokens.ExpectOperator("=");
            variables.Add((target, _expressions.Parse()));
            _tokens.TryTakeOperator(",");
        }

        EndTag();
        var body = Body("endwith");
        End("endwith");
        return new ScopeStatement(variables, body);
    }

    private ScopeStatement Generation()
    {
        EndTag();
        var body = Body("endgeneration");
        End("endgeneration");
        return new ScopeStatement([], body);
    }

    private FlowStatement Flow(JinjaFlow flow)
    {
        if (_loops == 0) throw _tokens.Error("'break' or 'continue' outside of a loop");
        EndTag();
        return new FlowStatement(flow);
    }

    private AssignmentTarget Targets(bool allowsMember = false)
    {
        var targets = new List<AssignmentTarget> { Target(allowsMember) };
        while (_tokens.TryTakeOperator(",") && !_tokens.Current.Is(JinjaTokenKind.Name, "in") && !_tokens.Current.Is(JinjaTokenKind.Operator, "=")) targets.Add(Target(allowsMember));
        return targets.Count == 1 ? targets[0] : AssignmentTarget.Tuple(targets);
    }

    private AssignmentTarget Target(bool allowsMember)
    {
        if (_tokens.TryTakeOperator("("))
        {
            var inner = Targets(allowsMember);
            _tokens.ExpectOperator(")");
            return inner;
        }

        var name = _tokens.TakeName();
        return allowsMember && _tokens.TryTakeOperator(".") ? AssignmentTarget.Member(name, _tokens.TakeName()) : AssignmentTarget.Variable(name);
    }

    private void End(string name)
    {
        _tokens.ExpectName(name);
        EndTag();
    }

    private void EndTag() => _tokens.Expect(JinjaTokenKind.BlockEnd);
}
