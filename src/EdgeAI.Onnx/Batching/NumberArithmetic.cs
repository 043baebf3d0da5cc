namespace EdgeAI.Onnx;

/// <summary>Operators on two numbers, as far as the result can be told; truth is 1 or 0.</summary>
internal static class NumberArithmetic
{
    /// <summary>The operation; <see langword="null"/> where the operator is not followed. It returns <see langword="null"/> where the result is unknown.</summary>
    public static Func<Term, Term, Term?>? Find(string opType) => opType switch
    {
        "Add" => Add,
        "Sub" => Subtract,
        "Mul" => Term.Multiply,
        "Div" => Divide,
        "Mod" => (a, b) => OnConstants(a, b, (x, y) => x >= 0 && y > 0 ? x % y : (Int128?)null),
        "Min" => (a, b) => a == b ? a : OnConstants(a, b, Int128.Min),
        "Max" => (a, b) => a == b ? a : OnConstants(a, b, Int128.Max),
        "And" => (a, b) => OnConstants(a, b, (x, y) => x != 0 && y != 0 ? 1 : 0),
        "Or" => (a, b) => OnConstants(a, b, (x, y) => x != 0 || y != 0 ? 1 : 0),
        "Equal" => AreEqual,
        "Less" => (a, b) => OnConstants(a, b, (x, y) => x < y ? 1 : 0),
        "Greater" => (a, b) => OnConstants(a, b, (x, y) => x > y ? 1 : 0),
        "LessOrEqual" => (a, b) => OnConstants(a, b, (x, y) => x <= y ? 1 : 0),
        "GreaterOrEqual" => (a, b) => OnConstants(a, b, (x, y) => x >= y ? 1 : 0),
        _ => null,
    };

    private static Term? Add(Term a, Term b) => a.Is(0) ? b : b.Is(0) ? a : OnConstants(a, b, (x, y) => x + y);

    private static Term? Subtract(Term a, Term b) => b.Is(0) ? a : OnConstants(a, b, (x, y) => x - y);

    // A symbol may stand for 0, where the quotient has no value: only constants divide.
    private static Term? Divide(Term a, Term b) => b.IsConstant ? Term.Divide(a, b) : null;

    private static Term? AreEqual(Term a, Term b)
    {
        if (a.IsConstant && b.IsConstant) return Term.Constant(a == b ? 1 : 0);
        var isNegative = a is { IsConstant: true, Factor: < 0 } ? b.IsLength : b is { IsConstant: true, Factor: < 0 } && a.IsLength;
        return isNegative ? Term.Constant(0) : null;
    }

    private static Term? OnConstants(Term a, Term b, Func<Int128, Int128, Int128?> operation) =>
        a.IsConstant && b.IsConstant && operation(a.Factor, b.Factor) is { } result && result >= long.MinValue && result <= long.MaxValue ? Term.Constant((long)result) : null;

    private static Term? OnConstants(Term a, Term b, Func<Int128, Int128, Int128> operation) => OnConstants(a, b, (x, y) => (Int128?)operation(x, y));
}
