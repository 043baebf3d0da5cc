namespace EdgeAI.Generation;

/// <summary><c>{% macro %}</c>: a function whose value is what its body writes.</summary>
internal sealed class MacroStatement(string name, IReadOnlyList<(string Name, JinjaExpression? Default)> parameters, JinjaStatement body) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope)
    {
        scope.Set(name, CreateFunction(scope));
        return JinjaFlow.Next;
    }

    /// <summary>The function that sees the variables of a scope.</summary>
    public JinjaFunction CreateFunction(Scope scope) => new(name, (rendering, arguments) =>
    {
        var inner = new Scope(scope);
        Bind(arguments, rendering, inner);
        return rendering.Capture(() => body.Execute(rendering, inner));
    });

    private void Bind(JinjaArguments arguments, Rendering rendering, Scope inner)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            var (parameter, fallback) = parameters[i];
            inner.Set(parameter, arguments.TryGet(i, parameter, out var value) ? value : fallback is null ? new Undefined(parameter) : fallback.Evaluate(rendering, inner));
        }

        inner.Set("varargs", new PythonTuple(arguments.Positional.Skip(parameters.Count)));
        var named = new PythonMap();
        foreach (var (key, value) in arguments.Named)
        {
            if (key == "caller") inner.Set(key, value);
            else if (!parameters.Any(parameter => parameter.Name == key)) named.Set(key, value);
        }

        inner.Set("kwargs", named);
    }
}
