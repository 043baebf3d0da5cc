namespace EdgeAI.Generation;

/// <summary>A list that is written with parentheses.</summary>
internal sealed class PythonTuple(IEnumerable<object?> items) : List<object?>(items);
