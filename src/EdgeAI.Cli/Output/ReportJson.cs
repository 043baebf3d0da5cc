using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAI.Cli.Output;

/// <summary>How results become JSON: camel case, members without a value written as null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(BuildReport))]
[JsonSerializable(typeof(ChatReport))]
[JsonSerializable(typeof(DevicesReport))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(ExplainReport))]
[JsonSerializable(typeof(GenerateReport))]
[JsonSerializable(typeof(InspectReport))]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    // Nobody pastes this into a web page, and names with quotes or letters of any script stay readable.
    public static ReportJson Instance { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
