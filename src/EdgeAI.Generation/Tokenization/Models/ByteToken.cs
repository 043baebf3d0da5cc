using System.Globalization;

namespace EdgeAI.Generation;

/// <summary>Tokens that stand for a byte, such as <c>&lt;0x0A&gt;</c>.</summary>
internal static class ByteToken
{
    public static string NameOf(byte value) => $"<0x{value:X2}>";

    public static bool TryParse(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
