using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary>Python's <c>==</c>, by which 1, 1.0 and True are the same.</summary>
internal sealed class PythonEquality : IEqualityComparer<object>
{
    public static PythonEquality Instance { get; } = new();

    public static bool AreEqual(object? left, object? right)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return (Number(left), Number(right)) switch
        {
            (long a, long b) => a == b,
            ({ } a, { } b) => Convert.ToDouble(a, null) == Convert.ToDouble(b, null),
            _ => (left, right) switch
            {
                (null, null) => true,
                (Undefined, Undefined) => true,
                (string a, string b) => a == b,
                (List<object?> a, List<object?> b) => a is PythonTuple == b is PythonTuple && a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
                (PythonMap a, PythonMap b) => a.Count == b.Count && a.Items.All(item => b.TryGet(item.Key, out var other) && AreEqual(item.Value, other)),
                _ => ReferenceEquals(left, right),
            },
        };
    }

    bool IEqualityComparer<object>.Equals(object? x, object? y) => AreEqual(x, y);

    int IEqualityComparer<object>.GetHashCode(object obj) => obj switch
    {
        bool truth => Convert.ToDouble(truth).GetHashCode(),
        long number => ((double)number).GetHashCode(),
        double number => number.GetHashCode(),
        string text => text.GetHashCode(StringComparison.Ordinal),
        _ => 0,
    };

    private static object? Number(object? value) => value switch
    {
        bool truth => truth ? 1L : 0L,
        long or double => value,
        _ => null,
    };
}
