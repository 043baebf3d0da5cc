using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>
/// The character map that SentencePiece compiles (Kudo and Richardson 2018; its <c>normalizer.cc</c>): a double-array trie over UTF-8 that leads to texts in
/// one block, each ended by a zero. As Hugging Face applies it: to grapheme clusters of under six bytes, else to single characters, the shortest entry first.
/// </summary>
internal sealed class PrecompiledNormalizer : INormalizer
{
    private const int LongestCluster = 6;

    private readonly uint[] _trie;
    private readonly byte[] _texts;

    private PrecompiledNormalizer(uint[] trie, byte[] texts)
    {
        _trie = trie;
        _texts = texts;
    }

    /// <summary>Takes the map as <c>tokenizer.json</c> holds it, in base 64.</summary>
    /// <exception cref="FormatException">It is not such a map.</exception>
    public static PrecompiledNormalizer Parse(string base64)
    {
        var map = Convert.FromBase64String(base64);
        if (map.Length < 4) throw new FormatException("a character map of under 4 bytes");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (length % 4 != 0 || length > map.Length - 4 || length == 0) throw new FormatException("a character map whose trie does not fit into it");
        var trie = new uint[length / 4];
        for (var i = 0; i < trie.Length; i++) trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(map.AsSpan(4 + (i * 4)));
        return new PrecompiledNormalizer(trie, map[(4 + (int)length)..]);
    }

    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            Append(text.AsSpan(at, length), result);
            at += length;
        }

        return result.ToString();
    }

    private void Append(ReadOnlySpan<char> cluster, StringBuilder result)
    {
        Span<byte> utf8 = stackalloc byte[LongestCluster];
        if (Encoding.UTF8.TryGetBytes(cluster, utf8, out var bytes) && bytes < LongestCluster && Find(utf8[..bytes]) is { } whole)
        {
            result.Append(whole);
            return;
        }

        foreach (var rune in cluster.EnumerateRunes())
        {
            if (Find(utf8[..rune.EncodeToUtf8(utf8)]) is { } single) result.Append(single);
            else result.Append(rune);
        }
    }

    // Units of a double array (Darts-clone): bit 8 says that a value hangs below, bits 10 to 30 how far the children are, bit 9 in which steps, bits 0 to 7 and 31 the label.
    private string? Find(ReadOnlySpan<byte> key)
    {
        var place = Offset(_trie[0]);
        foreach (var label in key)
        {
            if (label == 0) return null;
            place ^= label;
            if (place >= (uint)_trie.Length || (_trie[place] & 0x800000FFu) != label) return null;
            var unit = _trie[place];
            place ^= Offset(unit);
            if ((unit & 0x100) == 0) continue;
            return place < (uint)_trie.Length ? TextAt(_trie[place] & 0x7FFFFFFF) : null;
        }

        return null;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);

    private string? TextAt(uint start)
    {
        if (start >= (uint)_texts.Length) return null;
        var rest = _texts.AsSpan((int)start);
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
