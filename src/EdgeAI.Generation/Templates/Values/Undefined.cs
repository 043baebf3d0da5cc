namespace EdgeAI.Generation;

/// <summary>A variable or member that is not there: empty as text, false as a condition, an error for most else.</summary>
/// <param name="name">What was looked for.</param>
internal sealed class Undefined(string name)
{
    public string Name => name;
}
