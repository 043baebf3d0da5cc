namespace EdgeAI.Generation;

/// <summary>What <c>namespace()</c> makes: the one object whose members a template may set, also from within loops.</summary>
internal sealed class JinjaNamespace
{
    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);
}
