using System.Globalization;
using System.Text.Json.Serialization;

namespace EdgeAI.Cli.Output;

/// <summary>A length as a model declares it: in JSON a number, the symbol of a dynamic axis as a string, or null for a dynamic axis without one.</summary>
[JsonConverter(typeof(AxisLengthConverter))]
internal readonly record struct AxisLength(long? Value, string? Symbol)
{
    public override string ToString() => Value?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
