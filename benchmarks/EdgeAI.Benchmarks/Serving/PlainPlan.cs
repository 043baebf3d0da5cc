namespace EdgeAI.Benchmarks.Serving;

/// <summary>How plain ONNX Runtime is run: so many threads of the host that each run batches of so many rows, with so many threads of the runtime for a run.</summary>
internal sealed record PlainPlan(int Lanes, int Threads, int Batch)
{
    private static readonly int[] _batches = [1, 2, 4, 8, 16];

    /// <summary>Every plan within the cores that a number of clients can keep busy.</summary>
    public static IEnumerable<PlainPlan> All(int cores, int clients, bool isBatched) =>
        from lanes in Enumerable.Range(1, cores)
        from threads in Enumerable.Range(1, cores / lanes)
        from batch in isBatched ? _batches : [1]
        where lanes * batch <= clients
        select new PlainPlan(lanes, threads, batch);

    public override string ToString() => $"{Lanes} x {Threads} x {Batch}";
}
