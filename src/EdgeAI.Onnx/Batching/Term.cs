using System.Collections.Immutable;
using System.Globalization;

namespace EdgeAI.Onnx;

/// <summary>
/// A number as far as it is known before a request: a constant times symbols. Symbol 0 is the number of rows in the batch; positive
/// symbols are lengths that all mates of a batch share; negative ones are numbers of any sign that they share.
/// </summary>
internal readonly struct Term : IEquatable<Term>
{
    private const int MaxSymbols = 8;

    private readonly ImmutableArray<int> _symbols;

    private Term(long factor, ImmutableArray<int> symbols)
    {
        Factor = factor;
        _symbols = factor == 0 ? [] : symbols;
    }

    public static Term One => Constant(1);

    /// <summary>The number of rows: at least 1.</summary>
    public static Term Rows { get; } = new(1, [0]);

    public long Factor { get; }

    public bool IsConstant => Symbols.IsEmpty;

    /// <summary>Whether it changes with the number of rows.</summary>
    public bool HasRows => Symbols.Contains(0);

    /// <summary>Whether it is a multiple of the number of rows and of nothing that changes with it.</summary>
    public bool IsMultipleOfRows => Symbols.Count(symbol => symbol == 0) == 1;

    /// <summary>Whether it is known to be 0 or more.</summary>
    public bool IsLength => Factor >= 0 && Symbols.All(symbol => symbol >= 0);

    private ImmutableArray<int> Symbols => _symbols.IsDefault ? [] : _symbols;

    public static bool operator ==(Term left, Term right) => left.Equals(right);

    public static bool operator !=(Term left, Term right) => !left.Equals(right);

    public static Term Constant(long value) => new(value, []);

    public static Term Symbol(int symbol) => new(1, [symbol]);

    public bool Is(long value) => IsConstant && Factor == value;

    /// <summary>The product; <see langword="null"/> where it cannot be written.</summary>
    public static Term? Multiply(Term left, Term right)
    {
        if (left.Symbols.Length + right.Symbols.Length > MaxSymbols) return null;
        var factor = (Int128)left.Factor * right.Factor;
        return factor > long.MaxValue || factor < long.MinValue ? null : new Term((long)factor, left.Symbols.AddRange(right.Symbols).Sort());
    }

    /// <summary>The quotient where the division leaves nothing over whatever the symbols stand for; otherwise <see langword="null"/>.</summary>
    public static Term? Divide(Term left, Term right)
    {
        if (right.Factor is 0 or -1 || left.Factor % right.Factor != 0) return null;
        var symbols = left.Symbols;
        foreach (var symbol in right.Symbols)
        {
            if (!symbols.Contains(symbol)) return null;
            symbols = symbols.Remove(symbol);
        }

        return new Term(left.Factor / right.Factor, symbols);
    }

    /// <summary>The product of all; <see langword="null"/> where it cannot be written.</summary>
    public static Term? Product(IEnumerable<Term> terms)
    {
        Term? product = One;
        foreach (var term in terms)
        {
            if (product is null) return null;
            product = Multiply(product.Value, term);
        }

        return product;
    }

    /// <summary>For messages: the number, or that it is not known.</summary>
    public string Describe() => IsConstant ? Factor.ToString(CultureInfo.InvariantCulture) : "an unknown number of";

    public bool Equals(Term other) => Factor == other.Factor && Symbols.AsSpan().SequenceEqual(other.Symbols.AsSpan());

    public override bool Equals(object? obj) => obj is Term other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Factor, Symbols.Length);
}
