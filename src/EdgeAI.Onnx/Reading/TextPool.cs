using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace EdgeAI.Onnx;

/// <summary>Decodes UTF-8. Equal short texts share one string: the names of values and operators recur throughout a model.</summary>
internal sealed class TextPool
{
    private const int MaxPooledLength = 256;

    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>The text; <see langword="null"/> where the bytes are not valid UTF-8.</summary>
    public string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxPooledLength) return DecodeLong(bytes);

        Span<char> buffer = stackalloc char[MaxPooledLength];
        if (Utf8.ToUtf16(bytes, buffer, out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done) return null;
        var text = buffer[..written];
        if (_texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known)) return known;
        var created = text.ToString();
        _texts.Add(created);
        return created;
    }

    private static string? DecodeLong(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _strictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
