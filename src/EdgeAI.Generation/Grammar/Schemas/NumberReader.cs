using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>Reads the keywords about numbers.</summary>
internal static class NumberReader
{
    /// <summary>OpenAPI's formats; those of integers are ranges.</summary>
    private static readonly Dictionary<string, (string Low, string High)?> _formats = new(StringComparer.Ordinal)
    {
        ["int8"] = ("-128", "127"),
        ["uint8"] = ("0", "255"),
        ["int16"] = ("-32768", "32767"),
        ["uint16"] = ("0", "65535"),
        ["int32"] = ("-2147483648", "2147483647"),
        ["uint32"] = ("0", "4294967295"),
        ["int64"] = ("-9223372036854775808", "9223372036854775807"),
        ["uint64"] = ("0", "18446744073709551615"),
        ["half"] = null,
        ["float"] = null,
        ["double"] = null,
        ["decimal"] = null,
    };

    public static bool IsFormat(string name) => _formats.ContainsKey(name);

    public static NumberLimits Read(IReadOnlyList<SchemaNode> nodes, bool isInteger)
    {
        DecimalBound? low = null;
        DecimalBound? high = null;
        var (divisor, digits) = (0, 0);
        foreach (var node in nodes)
        {
            low = Stricter(low, Bound(node, "minimum", false), 1);
            low = Stricter(low, Bound(node, "exclusiveMinimum", true), 1);
            high = Stricter(high, Bound(node, "maximum", false), -1);
            high = Stricter(high, Bound(node, "exclusiveMaximum", true), -1);
            if (node.TryGet("format", out var format) && format.ValueKind == JsonValueKind.String && _formats.GetValueOrDefault(format.GetString()!) is { } range)
            {
                low = Stricter(low, Literal(range.Low), 1);
                high = Stricter(high, Literal(range.High), -1);
            }

            if (!node.TryGet("multipleOf", out var multiple)) continue;
            var read = Divisor(node, multiple);
            if (divisor != 0 && read != (divisor, digits)) throw GrammarException.Unsupported("multipleOf", node.Path, "two cannot be combined");
            (divisor, digits) = read;
        }

        return new NumberLimits(isInteger, low, high, divisor, digits);
    }

    private static DecimalBound? Bound(SchemaNode node, string keyword, bool exclusive)
    {
        if (!node.TryGet(keyword, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Number) throw GrammarException.Invalid(keyword, node.Path, "a number is expected");
        if (DecimalBound.Read(value, exclusive) is { } bound) return bound;

        // Bounds such as a double's greatest are beyond every number that is written without an exponent.
        return value.TryGetDouble(out var number) && Math.Abs(number) > 1e30 && number > 0 == keyword.EndsWith("aximum", StringComparison.Ordinal)
            ? null
            : throw GrammarException.TooLarge($"The digits of '{keyword}'", GrammarLimits.BoundDigits, keyword, node.Path);
    }

    private static DecimalBound? Stricter(DecimalBound? a, DecimalBound? b, int sign)
    {
        if (a is null || b is null) return a ?? b;
        return (sign * a.CompareTo(b)) switch { > 0 => a, < 0 => b, _ => a.IsExclusive ? a : b };
    }

    private static (int Divisor, int Digits) Divisor(SchemaNode node, JsonElement value)
    {
        var bound = value.ValueKind == JsonValueKind.Number ? DecimalBound.Read(value, false) : null;
        if (bound is null || bound.IsNegative || bound.IsZero) throw GrammarException.Invalid("multipleOf", node.Path, "a number over 0 is expected");
        var scaled = bound.Scaled(bound.Fraction.Length);
        if (scaled > GrammarLimits.NumberDivisor) throw GrammarException.TooLarge("The digits of 'multipleOf' as a number", GrammarLimits.NumberDivisor, "multipleOf", node.Path);
        return ((int)scaled, bound.Fraction.Length);
    }

    private static DecimalBound Literal(string text)
    {
        using var document = JsonDocument.Parse(text);
        return DecimalBound.Read(document.RootElement, false)!;
    }
}
