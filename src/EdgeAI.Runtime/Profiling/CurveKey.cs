namespace EdgeAI.Profiling;

/// <summary>What a measurement holds for. A different value in any part makes it another one.</summary>
/// <param name="Model">The model's identity, such as a hash of its bytes.</param>
/// <param name="Shapes">The input shapes that were measured and the settings that change how the model runs.</param>
/// <param name="Device">The device and what was allowed of it, such as its cores.</param>
/// <param name="Versions">The versions of the engine, its runtime and the drivers.</param>
internal sealed record CurveKey(string Model, string Shapes, string Device, string Versions);
