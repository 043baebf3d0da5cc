using System.Text.Json.Serialization;

namespace EdgeAI.Profiling;

/// <summary>Reads and writes <see cref="CurveFile"/> without reflection, so that trimmed and ahead-of-time compiled hosts can.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CurveFile))]
internal sealed partial class CurveFileContext : JsonSerializerContext;
