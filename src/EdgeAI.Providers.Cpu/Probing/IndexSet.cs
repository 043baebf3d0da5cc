using System.Collections;
using System.Globalization;
using System.Text;

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

    /// <summary>Those that the other does not have.</summary>
    public IndexSet Without(IndexSet other) => new(_indexes.Where(index => !other.Contains(index)));

    /// <summary>The kernel's notation.</summary>
    public override string ToString() => Format(_indexes);

    /// <summary>Ascending numbers in the kernel's notation.</summary>
    public static string Format(IEnumerable<int> ascending)
    {
        var text = new StringBuilder();
        int first = -1, last = -2;
        foreach (var index in ascending)
        {
            if (index == last + 1)
            {
                last = index;
                continue;
            }

            Append();
            (first, last) = (index, index);
        }

        Append();
        return text.ToString();

        void Append()
        {
            if (first < 0) return;
            if (text.Length > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{first}");
            if (last > first) text.Append(CultureInfo.InvariantCulture, $"-{last}");
        }
    }

    public IEnumerator<int> GetEnumerator() => _indexes.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool TryParseIndex(string text, out int index) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index <= MaxIndex;
}
