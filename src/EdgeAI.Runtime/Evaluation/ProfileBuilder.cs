using System.Globalization;

namespace EdgeAI.Evaluation;

/// <summary>Makes a profile of what was measured. Pure.</summary>
internal static class ProfileBuilder
{
    // What is left of a run once overheads are taken off is at least this share of it: overheads vary, and a rate must not come of their difference.
    private const double LeastShare = 0.25;

    /// <param name="outcomes">The probes that were tried.</param>
    /// <param name="measuredAt">When.</param>
    /// <param name="versions">With which versions.</param>
    /// <param name="threads">The threads of a run.</param>
    public static DeviceProfile Build(IReadOnlyList<ProbeOutcome> outcomes, DateTimeOffset measuredAt, string versions, int threads)
    {
        ProbeFigure[] figures = [.. outcomes.SelectMany(outcome => outcome.Figures)];
        ProbeFigure[] Of(ProbeFamily family) => [.. figures.Where(figure => figure.Probe.Family == family)];
        var (run, node) = Overheads(Of(ProbeFamily.Chain));
        double Without(double seconds, ProbePoint point) => Math.Max(seconds - run - (point.Nodes * node), LeastShare * seconds);
        double Work(ProbeFigure figure) => Without(figure.Typical, figure.Point);
        var bandwidth = Of(ProbeFamily.Bandwidth).MaxBy(figure => figure.Point.Bytes / figure.Best);
        return new DeviceProfile
        {
            MeasuredAt = measuredAt,
            Versions = versions,
            Threads = threads,
            ReadBandwidth = bandwidth is null ? null : bandwidth.Point.Bytes / Without(bandwidth.Best, bandwidth.Point),
            MedianReadBandwidth = bandwidth is null ? null : bandwidth.Point.Bytes / Without(bandwidth.Median, bandwidth.Point),
            ReadThreads = bandwidth?.Probe.Threads,
            ReadRates = [.. Of(ProbeFamily.WorkingSet).Select(figure => new ReadRate((long)figure.Point.Bytes, figure.Point.Bytes / Work(figure))).OrderBy(rate => rate.WorkingSetBytes)],
            Gemm = [.. Of(ProbeFamily.Gemm).Select(figure => new GemmRate(figure.Probe.ElementType, figure.Point.Rows, figure.Point.Flops / Work(figure)))],
            Operators = [.. Of(ProbeFamily.Operator).Select(figure => new OperatorRate(figure.Probe.Name, RowsOf(figure), figure.Point.Flops / Work(figure), figure.Point.Bytes / Work(figure)))],
            RunOverhead = Of(ProbeFamily.Chain).Length > 1 ? TimeSpan.FromSeconds(run) : null,
            NodeOverhead = Of(ProbeFamily.Chain).Length > 1 ? TimeSpan.FromSeconds(node) : null,
            NodeOverheads = [.. Of(ProbeFamily.NodeCost).Select(figure => new NodeOverhead(figure.Probe.Name, TimeSpan.FromSeconds(Math.Max(0, ((figure.Typical - run) / figure.Point.Nodes) - (figure.Probe.InnerNodes * node)))))],
            Unstable = [.. figures.Where(figure => !figure.IsSettled).Select(Name)],
        };
    }

    /// <summary>The cost of a node is what more of them add; that of a run, what the shortest chain takes beyond its nodes.</summary>
    private static (double Run, double Node) Overheads(ProbeFigure[] chains)
    {
        if (chains.Length < 2) return (0, 0);
        var sorted = chains.OrderBy(chain => chain.Point.Nodes).ToArray();
        var (shortest, longest) = (sorted[0], sorted[^1]);
        var node = Math.Max(0, (longest.Typical - shortest.Typical) / (longest.Point.Nodes - shortest.Point.Nodes));
        return (Math.Max(0, shortest.Typical - (shortest.Point.Nodes * node)), node);
    }

    /// <summary>A convolution's point is the side of its image: every place of it is a row.</summary>
    private static int RowsOf(ProbeFigure figure) =>
        figure.Probe.Name is ProbeSuite.Conv3x3 or ProbeSuite.Conv1x1 or ProbeSuite.NarrowConv or ProbeSuite.Depthwise ? figure.Point.Rows * figure.Point.Rows : figure.Point.Rows;

    private static string Name(ProbeFigure figure)
    {
        var threads = figure.Probe.Family == ProbeFamily.Bandwidth ? $" with {Plural(figure.Probe.Threads, "thread")}" : "";
        return figure.Probe.Points.Length == 1 ? figure.Probe.Name + threads : $"{figure.Probe.Name} at {Plural(RowsOf(figure), "row")}";
    }

    private static string Plural(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
