using System.Numerics;

namespace EdgeAI.Generation;

/// <summary>
/// Numbers of JSON between two bounds, in digits: compares digit by digit with the bounds and keeps the remainder by a divisor. Each combination is a state.
/// Without bounds and divisor a number that is no integer may have an exponent.
/// </summary>
internal sealed class NumberRule
{
    private readonly bool _isInteger;
    private readonly DecimalBound? _low;
    private readonly DecimalBound? _high;
    private readonly int _divisor;
    private readonly int _divisorDigits;
    private readonly int _wholeDigits;
    private readonly int _fractionDigits;

    private NumberRule(NumberLimits limits)
    {
        _isInteger = limits.IsInteger;
        _low = limits.Low;
        _high = limits.High;
        (_divisor, _divisorDigits) = (limits.Divisor, limits.DivisorDigits);
        _wholeDigits = Math.Max(GrammarLimits.IntegerDigits, Math.Min(_low?.Whole.Length ?? 0, _high?.Whole.Length ?? int.MaxValue));
        var boundFraction = Math.Max(_low?.Fraction.Length ?? 0, _high?.Fraction.Length ?? 0);
        _fractionDigits = _isInteger ? 0 : Math.Max(GrammarLimits.FractionDigits, boundFraction + 2);
        if (_divisor > 1 || _divisorDigits > 0) _fractionDigits = Math.Min(_fractionDigits, _divisorDigits);
        if (limits.Divisor > 0 && limits.DivisorDigits == 0) _fractionDigits = 0;
    }

    private bool HasExponent => !_isInteger && _low is null && _high is null && _divisor == 0;

    public static RuleNfa Create(NumberLimits limits)
    {
        var rule = new NumberRule(limits);
        var nfa = new RuleNfa();
        var states = new Dictionary<Place, int> { [default] = 0 };
        var pending = new Queue<Place>();
        pending.Enqueue(default);
        while (pending.TryDequeue(out var place))
        {
            var from = states[place];
            if (rule.Accepts(place)) nfa.Accept(from);
            foreach (var value in "-0123456789.eE+")
            {
                if (rule.Next(place, value) is not { } next) continue;
                if (!states.TryGetValue(next, out var to))
                {
                    if (states.Count >= GrammarLimits.NumberStates) throw GrammarException.TooLarge("The number of states for a number", GrammarLimits.NumberStates);
                    states[next] = to = nfa.AddState();
                    pending.Enqueue(next);
                }

                nfa.AddByte(from, (byte)value, to);
            }
        }

        return nfa;
    }

    private Place? Next(Place place, char value)
    {
        var isDigit = char.IsAsciiDigit(value);
        var digit = value - '0';
        switch (place.Part)
        {
            case Part.Start when value == '-':
                return place with { Part = Part.Minus, IsNegative = true };
            case Part.Start or Part.Minus when isDigit:
                // An integer of -0 is 0 written oddly.
                if (digit == 0 && place.IsNegative && _isInteger) return null;
                return AddWhole(place with { Part = digit == 0 ? Part.Zero : Part.Whole }, digit);
            case Part.Whole when isDigit:
                return place.Digits < _wholeDigits ? AddWhole(place, digit) : null;
            case Part.Zero or Part.Whole when value == '.':
                if (_fractionDigits == 0) return null;
                return place with { Part = Part.Point, Digits = 0, Low = EndWhole(place, Lower(place), place.Low), High = EndWhole(place, Upper(place), place.High) };
            case Part.Point or Part.Fraction when isDigit:
                return place.Digits < _fractionDigits ? AddFraction(place with { Part = Part.Fraction }, digit) : null;
            case Part.Zero or Part.Whole or Part.Fraction when value is 'e' or 'E':
                return HasExponent ? new Place { Part = Part.Exponent } : null;
            case Part.Exponent when value is '+' or '-':
                return new Place { Part = Part.ExponentSign };
            case Part.Exponent or Part.ExponentSign or Part.ExponentDigits when isDigit:
                // Two digits: every value fits a double.
                return place.Digits < 2 ? new Place { Part = Part.ExponentDigits, Digits = place.Digits + 1 } : null;
            default:
                return null;
        }
    }

    private bool Accepts(Place place)
    {
        if (place.Part == Part.ExponentDigits) return true;
        if (place.Part is not (Part.Zero or Part.Whole or Part.Fraction)) return false;
        var isWhole = place.Part != Part.Fraction;
        if (_divisor > 0)
        {
            var missing = _divisorDigits - (isWhole ? 0 : place.Digits);
            if (BigInteger.Remainder(place.Remainder * BigInteger.Pow(10, missing), _divisor) != 0) return false;
        }

        return Fits(Lower(place), place.Low, atLeast: true) && Fits(Upper(place), place.High, atLeast: false);

        bool Fits(DecimalBound? bound, Order order, bool atLeast)
        {
            if (bound is null) return true;

            // Magnitudes are compared: a negative bound is below all of them.
            if (bound.IsNegative) return atLeast;
            if (isWhole) order = EndWhole(place, bound, order);
            if (order == Order.Equal && bound.Fraction.Length > (isWhole ? 0 : place.Digits)) order = Order.Less;
            return order == Order.Equal ? !bound.IsExclusive : order == (atLeast ? Order.Greater : Order.Less);
        }
    }

    /// <summary>The least magnitude that a number of the place's sign may have.</summary>
    private DecimalBound? Lower(Place place) => place.IsNegative ? _high?.Negate() : _low;

    private DecimalBound? Upper(Place place) => place.IsNegative ? _low?.Negate() : _high;

    private Place AddWhole(Place place, int digit) => place with
    {
        Digits = place.Digits + 1,
        Low = Compare(Lower(place)?.Whole, place.Digits, place.Low, digit),
        High = Compare(Upper(place)?.Whole, place.Digits, place.High, digit),
        Remainder = Remainder(place, digit),
    };

    private Place AddFraction(Place place, int digit) => place with
    {
        Digits = place.Digits + 1,
        Low = Compare(Padded(Lower(place), place.Digits), place.Digits, place.Low, digit),
        High = Compare(Padded(Upper(place), place.Digits), place.Digits, place.High, digit),
        Remainder = Remainder(place, digit),
    };

    private int Remainder(Place place, int digit) => _divisor == 0 ? 0 : (int)((place.Remainder * 10L + digit) % _divisor);

    private static string? Padded(DecimalBound? bound, int digits) => bound?.Fraction.PadRight(digits + 1, '0');

    /// <summary>Compares one more digit; beyond the bound's digits the length decides.</summary>
    private static Order Compare(string? bound, int position, Order order, int digit)
    {
        if (bound is null || order != Order.Equal || position >= bound.Length) return order;
        return digit.CompareTo(bound[position] - '0') switch { < 0 => Order.Less, > 0 => Order.Greater, _ => Order.Equal };
    }

    /// <summary>The order once all digits before the point are known: a number with fewer is less.</summary>
    private static Order EndWhole(Place place, DecimalBound? bound, Order order) =>
        bound is null || place.Digits == bound.Whole.Length ? order : place.Digits < bound.Whole.Length ? Order.Less : Order.Greater;

    private enum Part : byte
    {
        Start,
        Minus,
        Zero,
        Whole,
        Point,
        Fraction,
        Exponent,
        ExponentSign,
        ExponentDigits,
    }

    private enum Order : byte
    {
        Equal,
        Less,
        Greater,
    }

    private readonly record struct Place(Part Part, bool IsNegative, int Digits, Order Low, Order High, int Remainder);
}
