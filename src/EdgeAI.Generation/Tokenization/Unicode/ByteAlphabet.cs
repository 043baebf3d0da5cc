using System.Text;

namespace EdgeAI.Generation;

/// <summary>GPT-2's alphabet for bytes: printable characters of Latin-1 stand for themselves, the other 68 for U+0100 and up.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] _characters = CreateCharacters();
    private static readonly short[] _bytes = CreateBytes();

    /// <summary>The character that stands for a byte.</summary>
    public static char CharacterOf(byte value) => _characters[value];

    /// <summary>Writes the UTF-8 bytes of a text as characters.</summary>
    public static string Write(string text) => string.Create(Encoding.UTF8.GetByteCount(text), text, static (units, source) =>
    {
        Span<byte> utf8 = stackalloc byte[4];
        var at = 0;
        foreach (var rune in source.EnumerateRunes())
        {
            for (var (i, length) = (0, rune.EncodeToUtf8(utf8)); i < length; i++) units[at++] = _characters[utf8[i]];
        }
    });

    /// <summary>The bytes that a token's characters stand for; those of its own UTF-8 where one of them stands for none, as in added tokens with spaces.</summary>
    public static byte[] Read(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (token[i] >= _bytes.Length || _bytes[token[i]] < 0) return Encoding.UTF8.GetBytes(token);
            bytes[i] = (byte)_bytes[token[i]];
        }

        return bytes;
    }

    private static char[] CreateCharacters()
    {
        var characters = new char[256];
        var next = 256;
        for (var value = 0; value < 256; value++) characters[value] = IsPrintable(value) ? (char)value : (char)next++;
        return characters;
    }

    private static short[] CreateBytes()
    {
        var bytes = new short[256 + 68];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++) bytes[CharacterOf((byte)value)] = (short)value;
        return bytes;
    }

    private static bool IsPrintable(int value) => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
}
