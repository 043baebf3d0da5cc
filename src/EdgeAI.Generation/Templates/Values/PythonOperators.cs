using System.Numerics;

namespace EdgeAI.Generation;

/// <summary>What operators do to values, as Python has it.</summary>
internal static class PythonOperators
{
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool truth => truth,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        PythonMap map => map.Count > 0,
        _ => true,
    };

    public static object? Binary(Rendering rendering, string name, object? left, object? right) => name switch
    {
        "+" => Add(rendering, left, right),
        "~" => rendering.Join(PythonText.Of(left), PythonText.Of(right)),
        "*" when (left, right) is (string, _) or (_, string) or (List<object?>, _) or (_, List<object?>) => Repeat(rendering, left, right),
        "%" when left is string text => Formatting.Percent(text, right),
        "-" or "*" or "/" or "//" or "%" or "**" => Calculate(name, left, right),
        _ => throw Unsupported(name, left, right),
    };

    public static bool Compare(string name, object? left, object? right) => name switch
    {
        "==" => PythonEquality.AreEqual(left, right),
        "!=" => !PythonEquality.AreEqual(left, right),
        "in" => Contains(right, left),
        "not in" => !Contains(right, left),
        "<" => Order(name, left, right) < 0,
        "<=" => Order(name, left, right) <= 0,
        ">" => Order(name, left, right) > 0,
        _ => Order(name, left, right) >= 0,
    };

    public static object Negate(object? value) => value switch
    {
        long number => (object)unchecked(-number),
        double number => -number,
        bool truth => truth ? -1L : 0L,
        _ => throw new ChatTemplateException($"The chat template negates {PythonText.TypeOf(value)}."),
    };

    public static bool Contains(object? container, object? item) => container switch
    {
        string text when item is string part => text.Contains(part, StringComparison.Ordinal),
        List<object?> list => list.Any(one => PythonEquality.AreEqual(one, item)),
        PythonMap map => map.TryGet(item, out _),
        JinjaNamespace names => item is string name && names.Members.ContainsKey(name),
        Undefined => false,
        _ => throw new ChatTemplateException($"The chat template looks for {PythonText.TypeOf(item)} in {PythonText.TypeOf(container)}."),
    };

    /// <summary>Less than 0 where the left comes first.</summary>
    public static int Order(string name, object? left, object? right)
    {
        if (left is string a && right is string b) return CompareByCodePoint(a, b);
        if (Number(left) is { } x && Number(right) is { } y) return x is long m && y is long n ? m.CompareTo(n) : Convert.ToDouble(x, null).CompareTo(Convert.ToDouble(y, null));
        if (left is List<object?> first && right is List<object?> second)
        {
            foreach (var (one, other) in first.Zip(second))
            {
                if (!PythonEquality.AreEqual(one, other)) return Order(name, one, other);
            }

            return first.Count.CompareTo(second.Count);
        }

        throw Unsupported(name, left, right);
    }

    /// <summary>What a loop goes through.</summary>
    public static List<object?> Iterate(object? value) => value switch
    {
        List<object?> list => list,
        string text => PythonString.Characters(text),
        PythonMap map => [.. map.Keys],
        Undefined => [],
        _ => throw new ChatTemplateException($"The chat template loops over {PythonText.TypeOf(value)}."),
    };

    private static object? Add(Rendering rendering, object? left, object? right)
    {
        if (left is string text && right is string more) return rendering.Join(text, more);
        if (left is PythonTuple first && right is PythonTuple second) return new PythonTuple(Charged(rendering, [.. first, .. second]));
        if (left is List<object?> and not PythonTuple && right is List<object?> and not PythonTuple) return Charged(rendering, [.. (List<object?>)left, .. (List<object?>)right]);
        return Calculate("+", left, right);
    }

    private static List<object?> Charged(Rendering rendering, List<object?> list)
    {
        rendering.Charge(list.Count);
        return list;
    }

    private static object Repeat(Rendering rendering, object? left, object? right)
    {
        var (repeated, count) = left is long or bool ? (right, left) : (left, right);
        if (Number(count) is not long times) throw Unsupported("*", left, right);
        times = Math.Max(0, times);
        if (repeated is string text)
        {
            rendering.ChargeText(text.Length * (double)times);
            return string.Concat(Enumerable.Repeat(text, (int)Math.Min(times, int.MaxValue)));
        }

        var list = (List<object?>)repeated!;
        rendering.Charge(list.Count * (double)times);
        var items = Enumerable.Repeat(list, (int)Math.Min(times, int.MaxValue)).SelectMany(items => items);
        return list is PythonTuple ? new PythonTuple(items) : items.ToList();
    }

    private static object Calculate(string name, object? left, object? right)
    {
        if (Number(left) is not { } x || Number(right) is not { } y) throw Unsupported(name, left, right);
        try
        {
            if (x is long m && y is long n && name != "/" && !(name == "**" && n < 0)) return Calculate(name, m, n);
        }
        catch (OverflowException)
        {
            throw new ChatTemplateException("The chat template calculates with integers of more than 64 bits.");
        }

        var (a, b) = (Convert.ToDouble(x, null), Convert.ToDouble(y, null));
        if (b == 0 && name is "/" or "//" or "%") throw new ChatTemplateException("The chat template divides by zero.");
        return name switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "//" => Math.Floor(a / b),
            "%" => a - (b * Math.Floor(a / b)),
            _ => Math.Pow(a, b),
        };
    }

    private static long Calculate(string name, long left, long right)
    {
        if (right == 0 && name is "//" or "%") throw new ChatTemplateException("The chat template divides by zero.");
        return name switch
        {
            "+" => checked(left + right),
            "-" => checked(left - right),
            "*" => checked(left * right),
            "//" => checked(left / right) - (Remainder(left, right) != 0 && left < 0 != right < 0 ? 1 : 0),
            "%" => Remainder(left, right) is var rest && rest != 0 && rest < 0 != right < 0 ? rest + right : rest,
            _ => Power(left, right),
        };
    }

    // The processor refuses the remainder of the least number by -1.
    private static long Remainder(long left, long right) => right == -1 ? 0 : left % right;

    private static long Power(long number, long exponent)
    {
        if (number is 0 or 1 or -1) return exponent == 0 ? 1 : number == -1 && exponent % 2 == 0 ? 1 : number;
        return exponent < 64 ? (long)BigInteger.Pow(number, (int)exponent) : throw new OverflowException();
    }

    private static object? Number(object? value) => value switch
    {
        long or double => value,
        bool truth => truth ? 1L : 0L,
        _ => null,
    };

    private static int CompareByCodePoint(string left, string right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (left[i] == right[i]) continue;
            var (a, b) = (char.IsSurrogate(left[i]), char.IsSurrogate(right[i]));
            return a == b ? left[i].CompareTo(right[i]) : a.CompareTo(b);
        }

        return left.Length.CompareTo(right.Length);
    }

    private static ChatTemplateException Unsupported(string name, object? left, object? right) =>
        new($"The chat template uses '{name}' between {PythonText.TypeOf(left)} and {PythonText.TypeOf(right)}.");
}
