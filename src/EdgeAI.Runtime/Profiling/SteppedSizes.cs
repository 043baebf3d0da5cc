using System.Numerics;

namespace EdgeAI.Profiling;

/// <summary>
/// Where a curve may jump between measured sizes: kernels that work on tiles of rows take as long for the first row of a tile as for a full one, and a straight line through sizes that fill their
/// tiles hides that. One row more than a measured size tells. Pure.
/// </summary>
internal static class SteppedSizes
{
    // Where the next size takes hardly longer, nothing between them can be far from the line.
    private const double WorthLooking = 1.2;

    /// <summary>Whether a size was measured only to see a step: no batch is meant to end on the first row of a tile.</summary>
    /// <param name="rows">A measured size.</param>
    /// <param name="largest">The largest of them.</param>
    public static bool IsProbe(int rows, int largest) => rows > 2 && rows < largest && BitOperations.IsPow2(rows - 1);

    /// <summary>The sizes to measure too, ascending.</summary>
    /// <param name="measured">What was measured, by ascending size.</param>
    public static IEnumerable<int> Between(IReadOnlyList<(int Rows, double Ticks)> measured)
    {
        for (var i = 1; i < measured.Count; i++)
        {
            var (below, above) = (measured[i - 1], measured[i]);
            if (above.Rows - below.Rows > 1 && above.Ticks > WorthLooking * below.Ticks) yield return below.Rows + 1;
        }
    }
}
