using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace EdgeAI.Generation;

/// <summary>Joins neighbouring tokens of bytes to characters; a run that is not UTF-8 becomes U+FFFD for each byte.</summary>
internal sealed class ByteFallbackDecoder : ITokenDecoder
{
    public void Decode(List<string> tokens)
    {
        var result = new List<string>(tokens.Count);
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (ByteToken.TryParse(token, out var value))
            {
                bytes.Add(value);
                continue;
            }

            Flush(bytes, result);
            result.Add(token);
        }

        Flush(bytes, result);
        tokens.Clear();
        tokens.AddRange(result);
    }

    public byte[]? BytesOf(string token) => ByteToken.TryParse(token, out var value) ? [value] : null;

    private static void Flush(List<byte> bytes, List<string> result)
    {
        if (bytes.Count == 0) return;
        var utf8 = CollectionsMarshal.AsSpan(bytes);
        result.Add(Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : new string('\uFFFD', utf8.Length));
        bytes.Clear();
    }
}
