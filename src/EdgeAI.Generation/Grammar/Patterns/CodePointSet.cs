using System.Collections.Concurrent;
using System.Globalization;

namespace EdgeAI.Generation;

/// <summary>A set of Unicode scalar values as sorted ranges that do not touch. Immutable.</summary>
internal sealed class CodePointSet
{
    public const int Last = 0x10FFFF;

    /// <summary>In the order of <see cref="UnicodeCategory"/>.</summary>
    private static readonly string[] _categories =
        ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn"];

    /// <summary>Names have two letters at most, so there are few.</summary>
    private static readonly ConcurrentDictionary<string, CodePointSet?> _known = new(StringComparer.Ordinal);

    private readonly (int Low, int High)[] _ranges;

    private CodePointSet((int Low, int High)[] ranges)
    {
        _ranges = ranges;
    }

    public static CodePointSet Any { get; } = Of((0, Last));

    public static CodePointSet Digits { get; } = Of(('0', '9'));

    public static CodePointSet Word { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <summary>ECMA-262's white space and line ends.</summary>
    public static CodePointSet Space { get; } =
        Of((0x9, 0xD), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    /// <summary>What ECMA-262's dot stands for.</summary>
    public static CodePointSet NoLineEnd { get; } = Of((0xA, 0xA), (0xD, 0xD), (0x2028, 0x2029)).Negate();

    public ReadOnlySpan<(int Low, int High)> Ranges => _ranges;

    /// <summary>Joins ranges in any order; surrogates are left out.</summary>
    public static CodePointSet Of(params IEnumerable<(int Low, int High)> ranges)
    {
        var joined = new List<(int Low, int High)>();
        foreach (var (low, high) in ranges.SelectMany(WithoutSurrogates).Where(range => range.Low <= range.High).OrderBy(range => range.Low))
        {
            if (joined.Count > 0 && low <= joined[^1].High + 1) joined[^1] = (joined[^1].Low, Math.Max(joined[^1].High, high));
            else joined.Add((low, high));
        }

        return new CodePointSet([.. joined]);
    }

    public CodePointSet Union(CodePointSet other) => Of([.. _ranges, .. other._ranges]);

    public CodePointSet Negate()
    {
        var gaps = new List<(int Low, int High)>();
        var next = 0;
        foreach (var (low, high) in _ranges)
        {
            gaps.Add((next, low - 1));
            next = high + 1;
        }

        gaps.Add((next, Last));
        return Of(gaps);
    }

    /// <summary>A general category such as <c>L</c> or <c>Lu</c>.</summary>
    /// <returns><see langword="null"/> for a name that is none.</returns>
    public static CodePointSet? Category(string name) => _known.GetOrAdd(name, FindCategory);

    private static CodePointSet? FindCategory(string name)
    {
        var known = false;
        var ranges = new List<(int Low, int High)>();
        for (var value = 0; value <= Last; value++)
        {
            if (value is >= 0xD800 and <= 0xDFFF) continue;
            var category = CharUnicodeInfo.GetUnicodeCategory(value);
            if (!_categories[(int)category].StartsWith(name, StringComparison.Ordinal)) continue;
            known = true;
            if (ranges.Count > 0 && ranges[^1].High == value - 1) ranges[^1] = (ranges[^1].Low, value);
            else ranges.Add((value, value));
        }

        return known ? Of(ranges) : null;
    }

    private static IEnumerable<(int Low, int High)> WithoutSurrogates((int Low, int High) range)
    {
        yield return (range.Low, Math.Min(range.High, 0xD7FF));
        yield return (Math.Max(range.Low, 0xE000), range.High);
    }
}
