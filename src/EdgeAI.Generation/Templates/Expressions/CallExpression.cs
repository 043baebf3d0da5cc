namespace EdgeAI.Generation;

/// <summary>A call of a function, method or macro.</summary>
internal sealed class CallExpression(JinjaExpression target, CallArguments arguments) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope) => Evaluate(rendering, scope, null);

    /// <summary>Calls, with the function that a macro finds as <c>caller</c>.</summary>
    public object? Evaluate(Rendering rendering, Scope scope, JinjaFunction? caller)
    {
        rendering.Charge(1);
        var value = target.Evaluate(rendering, scope);
        if (value is not JinjaFunction function) throw new ChatTemplateException($"The chat template calls {PythonText.TypeOf(value)}.");
        var given = arguments.Evaluate(function.Name, rendering, scope);
        if (caller is not null) given = new JinjaArguments(function.Name, given.Positional, new Dictionary<string, object?>(given.Named) { ["caller"] = caller });
        return rendering.Descend(() => function.Call(rendering, given));
    }
}
