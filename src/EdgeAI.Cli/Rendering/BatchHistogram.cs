using System.Globalization;
using System.Numerics;

namespace EdgeAI.Cli.Rendering;

/// <summary>Requests by the size of the batch that they ran in, few enough bins to read. Pure.</summary>
internal static class BatchHistogram
{
    private const int MaxBins = 12;

    /// <summary>One bin a size, or ranges that double (1, 2, 3-4, 5-8, ..) where there are many sizes.</summary>
    /// <param name="sizes">Requests by size.</param>
    /// <returns>Labels and requests, ascending by size.</returns>
    public static IReadOnlyList<KeyValuePair<string, long>> Bin(IReadOnlyDictionary<int, long> sizes)
    {
        if (sizes.Count <= MaxBins) return [.. sizes.OrderBy(size => size.Key).Select(size => KeyValuePair.Create(Label(size.Key, size.Key), size.Value))];
        return [.. sizes
            .GroupBy(size => UpperBound(size.Key))
            .OrderBy(bin => bin.Key)
            .Select(bin => KeyValuePair.Create(Label((bin.Key / 2) + 1, bin.Key), bin.Sum(size => size.Value)))];
    }

    // The next power of two.
    private static int UpperBound(int size) => (int)BitOperations.RoundUpToPowerOf2((uint)size);

    private static string Label(int from, int to) => from >= to ? to.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{from}-{to}");
}
