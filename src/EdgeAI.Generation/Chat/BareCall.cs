using System.Text;
using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>Tells from the begin of an answer whether it may be a call in bare JSON.</summary>
internal static class BareCall
{
    /// <summary>What may stand around it, with the name of the language or without.</summary>
    public const string Fence = "```";

    /// <summary>Whether the text may become a call; <see langword="null"/> while that is open.</summary>
    /// <param name="text">The begin of the answer, without whitespace before it.</param>
    /// <param name="names">The functions that may be called.</param>
    public static bool? Judge(string text, IReadOnlySet<string> names)
    {
        if (text.StartsWith(Fence, StringComparison.Ordinal))
        {
            var line = text.IndexOf('\n');
            var language = (line < 0 ? text : text[..line])[Fence.Length..].TrimEnd();
            if (line < 0) return "json".StartsWith(language, StringComparison.Ordinal) ? null : false;
            if (language is not ("" or "json")) return false;
            text = text[line..].TrimStart();
            if (text.Length == 0) return null;
        }

        if (text[0] is not ('{' or '[')) return false;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), isFinalBlock: false, default);
        try
        {
            if (!reader.Read()) return null;
            if (reader.TokenType == JsonTokenType.StartArray && !reader.Read()) return null;
            if (reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) return false;
                if (reader.ValueTextEquals("name"u8)) return !reader.Read() ? null : reader.TokenType == JsonTokenType.String && names.Contains(reader.GetString()!);
                if (reader.ValueTextEquals("function"u8))
                {
                    if (!reader.Read()) return null;
                    if (reader.TokenType != JsonTokenType.StartObject) return false;
                }
                else if (reader.ValueTextEquals("type"u8) || reader.ValueTextEquals("id"u8) || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("parameters"u8))
                {
                    if (!reader.TrySkip()) return null;
                }
                else
                {
                    return false;
                }
            }

            return null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The text without a fence of Markdown around it.</summary>
    public static string Unfence(string text)
    {
        text = text.Trim();
        if (!text.StartsWith(Fence, StringComparison.Ordinal)) return text;
        var line = text.IndexOf('\n');
        return line < 0 || !text.EndsWith(Fence, StringComparison.Ordinal) || line >= text.Length - Fence.Length ? text : text[(line + 1)..^Fence.Length].Trim();
    }
}
