using System.Globalization;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>A set of characters, gathered from a pattern's class and written as a class of .NET's, with the stand-ins of <see cref="PatternText"/>.</summary>
internal sealed class CharacterSet
{
    private const uint AllCategories = (1u << 30) - 1;

    // Scripts.txt of Unicode 14, basic plane.
    private const string HanRanges = "\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFA6D\uFA70-\uFAD9";

    private static readonly string[] _names =
        ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn"];

    private readonly StringBuilder _members = new();
    private uint _categories;
    private bool _hasHan;
    private bool _hasUncasedComplement;

    /// <summary>What is taken away from the set.</summary>
    public CharacterSet? Excluded { get; set; }

    public bool IsNegated { get; set; }

    /// <summary>Whether the set holds letters of one case by category: then ignoring case would have to add the others.</summary>
    public bool DependsOnCase => _hasUncasedComplement || (((_categories & Letters) is var letters) && letters != 0 && letters != Letters);

    private static uint Letters => CategoriesNamed("L")!.Value;

    public static CharacterSet Whitespace(bool isNegated)
    {
        var set = new CharacterSet { IsNegated = isNegated };
        set._members.Append("\\s");
        return set;
    }

    /// <summary>What <c>\w</c> is in Oniguruma: letters, marks, decimal digits, connectors (doc/RE), and letter-like numbers.</summary>
    public static CharacterSet Word(bool isNegated) => OfCategories(CategoriesNamed("L")!.Value | CategoriesNamed("M")!.Value | CategoriesNamed("Nd")!.Value | CategoriesNamed("Nl")!.Value | CategoriesNamed("Pc")!.Value, isNegated);

    public static CharacterSet Digits(bool isNegated) => OfCategories(CategoriesNamed("Nd")!.Value, isNegated);

    /// <summary>The set of a property, such as <c>L</c>, <c>Lu</c> or <c>Han</c>; <see langword="null"/> where it is not known.</summary>
    public static CharacterSet? OfProperty(string name, bool isNegated)
    {
        if (name is "Han" or "Script=Han" or "sc=Han") return new CharacterSet { _hasHan = true, IsNegated = isNegated };
        if (name is "Alphabetic" or "Letter") name = "L";
        return CategoriesNamed(name) is { } categories ? OfCategories(categories, isNegated) : null;
    }

    public void Add(char character) => Append(character);

    public void Add(char first, char last)
    {
        Append(first);
        if (last == first) return;
        _members.Append('-');
        Append(last);
    }

    /// <summary>Adds another set; <see langword="false"/> where a class cannot express that.</summary>
    public bool TryAdd(CharacterSet other)
    {
        if (other.Excluded is not null) return false;
        if (other.IsNegated)
        {
            if (other._hasHan) return false;
            if (other._categories != 0 && other._members.Length != 0) return false;
            if (other._categories != 0) _categories |= AllCategories & ~other._categories;
            else if (other._members.ToString() == "\\s") _members.Append("\\S");
            else return false;
            _hasUncasedComplement |= other._categories != 0 && other.DependsOnCase;
            return true;
        }

        _categories |= other._categories;
        _hasHan |= other._hasHan;
        _members.Append(other._members);
        return true;
    }

    /// <summary>The set as a class of .NET's patterns.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("[");
        if (IsNegated) text.Append('^');
        text.Append(_members);
        for (var i = 0; i < _names.Length; i++)
        {
            if ((_categories & (1u << i)) == 0) continue;
            // The private-use category itself must not cover the stand-ins of the others.
            text.Append(_names[i] == "Co" ? "\\uE029-\\uF8FF" : $"\\p{{{_names[i]}}}");
            text.Append(CultureInfo.InvariantCulture, $"\\u{PatternText.FirstStandIn + i:X4}");
            if (_names[i] == "Lo") text.Append(CultureInfo.InvariantCulture, $"\\u{(int)PatternText.HanStandIn:X4}");
        }

        if (_hasHan) text.Append(HanRanges).Append(CultureInfo.InvariantCulture, $"\\u{(int)PatternText.HanStandIn:X4}");
        if (Excluded is not null) text.Append('-').Append(Excluded);
        return text.Append(']').ToString();
    }

    private static CharacterSet OfCategories(uint categories, bool isNegated) => new() { _categories = categories, IsNegated = isNegated };

    private static uint? CategoriesNamed(string name)
    {
        uint categories = 0;
        for (var i = 0; i < _names.Length; i++)
        {
            if (_names[i].StartsWith(name, StringComparison.Ordinal)) categories |= 1u << i;
        }

        return categories == 0 || name.Length == 0 ? null : categories;
    }

    private void Append(char character) => _members.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
}
