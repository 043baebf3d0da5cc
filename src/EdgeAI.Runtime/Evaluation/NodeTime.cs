namespace EdgeAI.Evaluation;

/// <summary>The two roofs of a node, in seconds: it takes at least as long as either.</summary>
/// <param name="Compute">Arithmetic.</param>
/// <param name="Memory">Reading and writing.</param>
internal readonly record struct NodeTime(double Compute, double Memory)
{
    public double Overlapped => Math.Max(Compute, Memory);

    public double Sequential => Compute + Memory;
}
