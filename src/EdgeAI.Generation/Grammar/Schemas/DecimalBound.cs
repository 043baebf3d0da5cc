using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>A bound of a number, exactly as its schema writes it: a sign and digits before and after the point.</summary>
internal sealed record DecimalBound(bool IsNegative, string Whole, string Fraction, bool IsExclusive) : IComparable<DecimalBound>
{
    public bool IsZero => Whole == "0" && Fraction.Length == 0;

    /// <summary>The bound of the other sign; 0 has none.</summary>
    public DecimalBound Negate() => this with { IsNegative = !IsNegative && !IsZero };

    /// <summary>Reads a number of JSON.</summary>
    /// <returns><see langword="null"/> where it has more digits than <see cref="GrammarLimits.BoundDigits"/>.</returns>
    public static DecimalBound? Read(JsonElement number, bool exclusive)
    {
        var text = number.GetRawText();
        var isNegative = text[0] == '-';
        if (isNegative) text = text[1..];
        var exponent = 0;
        var mark = text.IndexOfAny(['e', 'E']);
        if (mark >= 0)
        {
            if (!int.TryParse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > 400) return null;
            text = text[..mark];
        }

        var point = text.IndexOf('.');
        var digits = point < 0 ? text : text.Remove(point, 1);
        var place = (point < 0 ? text.Length : point) + exponent;
        if (place < 0) (digits, place) = (new string('0', -place) + digits, 0);
        if (place > digits.Length) digits = digits.PadRight(place, '0');
        var whole = digits[..place].TrimStart('0');
        var fraction = digits[place..].TrimEnd('0');
        if (whole.Length > GrammarLimits.BoundDigits || fraction.Length > GrammarLimits.BoundDigits) return null;
        if (whole.Length == 0) whole = "0";
        return new DecimalBound(isNegative && (whole != "0" || fraction.Length > 0), whole, fraction, exclusive);
    }

    /// <summary>The bound without its point, shifted by so many digits.</summary>
    public BigInteger Scaled(int digits) => BigInteger.Parse(Whole + Fraction.PadRight(digits, '0'), CultureInfo.InvariantCulture) * (IsNegative ? -1 : 1);

    /// <inheritdoc/>
    public int CompareTo(DecimalBound? other)
    {
        if (other is null) return 1;
        var digits = Math.Max(Fraction.Length, other.Fraction.Length);
        return Scaled(digits).CompareTo(other.Scaled(digits));
    }
}
