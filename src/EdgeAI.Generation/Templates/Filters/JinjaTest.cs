namespace EdgeAI.Generation;

/// <summary>Says whether a value is of a kind.</summary>
internal delegate bool JinjaTest(object? value, JinjaArguments arguments);
