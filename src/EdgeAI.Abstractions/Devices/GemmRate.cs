namespace EdgeAI;

/// <summary>A measured matrix multiplication rate.</summary>
/// <param name="ElementType">Of the weights.</param>
/// <param name="Rows">Rows of the left matrix.</param>
/// <param name="FlopsPerSecond">Multiplications and additions per second.</param>
public sealed record GemmRate(TensorElementType ElementType, int Rows, double FlopsPerSecond);
