namespace EdgeAI.Cli.Output;

/// <summary>What <c>edgeai inspect</c> tells of a model.</summary>
/// <param name="Inputs">What a caller must give.</param>
/// <param name="Outputs">What a caller gets.</param>
/// <param name="Opset">The version of ONNX's own operator set; <see langword="null"/> where it is not imported.</param>
/// <param name="IrVersion">The version of the file format.</param>
/// <param name="Parameters">Elements in all weights.</param>
/// <param name="WeightBytes">Bytes of all weights.</param>
/// <param name="Operators">How often each operator occurs, most frequent first.</param>
/// <param name="Batching">Whether requests can be put together.</param>
internal sealed record InspectReport(
    IReadOnlyList<TensorReport> Inputs,
    IReadOnlyList<TensorReport> Outputs,
    long? Opset,
    long IrVersion,
    long Parameters,
    long WeightBytes,
    IReadOnlyDictionary<string, int> Operators,
    BatchingReport Batching);
