namespace EdgeAI.Generation;

/// <summary>Something that a template can call: a macro, a method, or one of our own functions.</summary>
/// <param name="name">For messages.</param>
/// <param name="body">What it does.</param>
internal sealed class JinjaFunction(string name, Func<Rendering, JinjaArguments, object?> body)
{
    public string Name => name;

    public object? Call(Rendering rendering, JinjaArguments arguments) => body(rendering, arguments);
}
