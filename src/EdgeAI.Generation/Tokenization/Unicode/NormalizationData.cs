using System.Globalization;

namespace EdgeAI.Generation;

/// <summary>
/// Decompositions, combining classes and compositions of Unicode 14.0 (UAX #15), from the resource <c>normalization.txt</c>. .NET's own normalization
/// does nothing where globalization is invariant, as in small containers and many published tools, so a tokenizer cannot rely on it.
/// </summary>
internal sealed class NormalizationData
{
    private static readonly Lazy<NormalizationData> _loaded = new(() => new NormalizationData());

    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatibility = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];

    private NormalizationData()
    {
        using var reader = new StreamReader(typeof(NormalizationData).Assembly.GetManifestResourceStream("EdgeAI.Generation.normalization.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var fields = line.Split(';');
            var codePoint = Parse(fields[0]);
            if (fields[1].Length > 0) _classes[codePoint] = byte.Parse(fields[1], CultureInfo.InvariantCulture);
            if (fields[2].Length == 0) continue;
            var parts = fields[2].TrimStart('=', '!').Split(' ').Select(Parse).ToArray();
            if (fields[2][0] != '=') _canonical[codePoint] = parts;
            else _compatibility[codePoint] = parts;
            if (fields[2][0] is not ('=' or '!') && parts.Length == 2) _compositions[(parts[0], parts[1])] = codePoint;
        }
    }

    public static NormalizationData Instance => _loaded.Value;

    /// <summary>The canonical combining class; 0 for a starter.</summary>
    public byte ClassOf(int codePoint) => codePoint < 0x300 ? (byte)0 : _classes.GetValueOrDefault(codePoint);

    /// <summary>What a character decomposes into, in one step; <see langword="null"/> where it does not.</summary>
    public int[]? Decompose(int codePoint, bool compatibility)
    {
        if (codePoint < 0xA0) return null;
        if (compatibility && _compatibility.TryGetValue(codePoint, out var parts)) return parts;
        return _canonical.GetValueOrDefault(codePoint);
    }

    public bool TryCompose(int first, int second, out int composed) => _compositions.TryGetValue((first, second), out composed);

    private static int Parse(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
