using System.Text.Json.Serialization;

namespace EdgeAI.Evaluation;

/// <summary>Reads and writes <see cref="ProfileFile"/> without reflection, so that trimmed and ahead-of-time compiled hosts can.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProfileFile))]
internal sealed partial class ProfileFileContext : JsonSerializerContext;
