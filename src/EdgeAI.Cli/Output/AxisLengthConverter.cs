using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAI.Cli.Output;

/// <summary>Writes and reads a length as number, string or null.</summary>
internal sealed class AxisLengthConverter : JsonConverter<AxisLength>
{
    public override bool HandleNull => true;

    public override AxisLength Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => new AxisLength(reader.GetInt64(), null),
        JsonTokenType.String => new AxisLength(null, reader.GetString()),
        JsonTokenType.Null => default,
        _ => throw new JsonException("A length is a number, a string or null."),
    };

    public override void Write(Utf8JsonWriter writer, AxisLength value, JsonSerializerOptions options)
    {
        if (value.Value is { } length) writer.WriteNumberValue(length);
        else writer.WriteStringValue(value.Symbol);
    }
}
