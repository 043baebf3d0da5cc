using System.Collections;
using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>Numbers of processors or memory nodes, in the kernel's notation such as <c>0-3,8</c>. Immutable.</summary>
internal sealed class IndexSet(IEnumerable<int> indexes) : IEnumerable<int>
{
    // No Linux counts more processors; a list that names more is damaged.
    private const int MaxIndex = 65_535;

    private readonly SortedSet<int> _indexes = [.. indexes];

    public static IndexSet Empty { get; } = new([]);

    public int Count => _indexes.Count;

    public int Min => _indexes.Min;

    public bool Contains(int index) => _indexes.Contains(index);

    /// <summary>What both have; all of this one where there is no other.</summary>
    public IndexSet And(IndexSet? other) => other is null ? this : new(_indexes.Where(other.Contains));

    public bool Overlaps(IndexSet other) => _indexes.Overlaps(other._indexes);

    /// <summary>Parses a list; <see langword="null"/> where it is malformed.</summary>
    public static IndexSet? TryParse(string text)
    {
        List<int> indexes = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var first = dash < 0 ? part : part[..dash];
            var last = dash < 0 ? part : part[(dash + 1)..];
            if (!TryParseIndex(first, out var from) || !TryParseIndex(last, out var to)) return null;
            for (var i = from; i <= to; i++) indexes.Add(i);
        }

        return new(indexes);
    }

    public IEnumerator<int> GetEnumerator() => _indexes.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool TryParseIndex(string text, out int index) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index <= MaxIndex;
}
