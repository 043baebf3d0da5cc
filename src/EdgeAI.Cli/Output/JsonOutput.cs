using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAI.Cli.Output;

/// <summary>Writes results for programs: one object on one line.</summary>
internal static class JsonOutput
{
    public static void Write<TReport>(TextWriter output, TReport report, JsonTypeInfo<TReport> json) => output.WriteLine(JsonSerializer.Serialize(report, json));
}
