namespace EdgeAI.Onnx;

/// <summary>The sum over a model's nodes of one family. Immutable.</summary>
/// <param name="Family">The family.</param>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Flops">Multiplications, additions and other functions of an element.</param>
/// <param name="WeightBytes">Bytes of constants read.</param>
/// <param name="BytesRead">Bytes of other values read.</param>
/// <param name="BytesWritten">Bytes written.</param>
public sealed record FamilyCost(OperatorFamily Family, int Nodes, double Flops, double WeightBytes, double BytesRead, double BytesWritten);
