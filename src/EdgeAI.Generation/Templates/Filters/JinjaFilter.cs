namespace EdgeAI.Generation;

/// <summary>Makes one value of another.</summary>
internal delegate object? JinjaFilter(Rendering rendering, object? value, JinjaArguments arguments);
