namespace EdgeAI;

/// <summary>A measured rate of one operator on data that caches hold, the costs of a run and of a node taken off.</summary>
/// <param name="Operator">What was measured, such as <c>conv 3x3</c>.</param>
/// <param name="Rows">Its size where it was measured at several: rows of a product, places of a convolution's window, steps of a recurrent layer.</param>
/// <param name="FlopsPerSecond">Multiplications, additions and other functions of an element per second; 0 where it has none.</param>
/// <param name="BytesPerSecond">Bytes read and written per second.</param>
public sealed record OperatorRate(string Operator, int Rows, double FlopsPerSecond, double BytesPerSecond);
