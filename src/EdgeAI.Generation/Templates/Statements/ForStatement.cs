namespace EdgeAI.Generation;

/// <summary><c>{% for %}</c>, with its condition and what is done where there is nothing to go through.</summary>
internal sealed class ForStatement(AssignmentTarget target, JinjaExpression items, JinjaExpression? condition, JinjaStatement body, JinjaStatement? otherwise) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope)
    {
        var chosen = Choose(PythonOperators.Iterate(items.Evaluate(rendering, scope)), rendering, scope);
        var loop = new LoopState(chosen);
        for (var i = 0; i < chosen.Count; i++)
        {
            rendering.Charge(1);
            loop.Index = i;
            var inner = new Scope(scope);
            inner.Set("loop", loop);
            target.Assign(inner, chosen[i]);
            if (body.Execute(rendering, inner) == JinjaFlow.Break) break;
        }

        if (chosen.Count == 0) otherwise?.Execute(rendering, new Scope(scope));
        return JinjaFlow.Next;
    }

    private List<object?> Choose(List<object?> all, Rendering rendering, Scope scope)
    {
        if (condition is null) return all;
        var chosen = new List<object?>();
        foreach (var item in all)
        {
            rendering.Charge(1);
            var inner = new Scope(scope);
            target.Assign(inner, item);
            if (PythonOperators.IsTrue(condition.Evaluate(rendering, inner))) chosen.Add(item);
        }

        return chosen;
    }
}
