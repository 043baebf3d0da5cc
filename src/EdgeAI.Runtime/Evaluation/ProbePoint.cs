namespace EdgeAI.Evaluation;

/// <summary>One thing to time: a probe's graph with so many rows. Immutable.</summary>
/// <param name="Rows">What the symbol of the graph stands for, 1 or more.</param>
/// <param name="Flops">Multiplications and additions of one run.</param>
/// <param name="Bytes">Bytes that one run reads and writes, weights among them.</param>
/// <param name="Nodes">Nodes that one run executes.</param>
internal sealed record ProbePoint(int Rows, double Flops, double Bytes, int Nodes = 1);
