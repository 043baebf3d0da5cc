using System.Diagnostics.CodeAnalysis;

namespace EdgeAI.Generation;

/// <summary>Compares sorted sets of states.</summary>
internal sealed class StateSetComparer : IEqualityComparer<int[]>
{
    public static StateSetComparer Instance { get; } = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] int[] obj)
    {
        var hash = new HashCode();
        foreach (var value in obj) hash.Add(value);
        return hash.ToHashCode();
    }
}
