using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Cli.Bench;

/// <summary>The baseline: plain <see cref="InferenceSession.Run(RunOptions, IReadOnlyCollection{string}, IReadOnlyCollection{OrtValue}, IReadOnlyCollection{string})"/> with default settings on the same tensors.</summary>
internal sealed class PlainTarget : IQueryTarget, IDisposable
{
    private const string DeviceId = "cpu:0";

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string[] _names;
    private readonly OrtValue[] _values;

    /// <summary>Opens the model.</summary>
    /// <param name="modelPath">The file.</param>
    /// <param name="threads">Threads that the session may use: as many as all our lanes together.</param>
    /// <param name="inputs">Tensors in host memory, which must outlive the target.</param>
    public PlainTarget(string modelPath, int threads, IReadOnlyList<KeyValuePair<string, TensorValue>> inputs)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        _session = new InferenceSession(modelPath, options);
        _names = [.. inputs.Select(input => input.Key)];
        _values = [.. inputs.Select(input => View(input.Value))];
    }

    public bool IsBlocking => true;

    public ValueTask<QueryResult> QueryAsync()
    {
        try
        {
            using var outputs = _session.Run(_runOptions, _names, _values, _session.OutputNames);
            return ValueTask.FromResult(new QueryResult(DeviceId, 1));
        }
        catch (OnnxRuntimeException error)
        {
            return ValueTask.FromResult(new QueryResult(null, 0, error));
        }
    }

    public void Dispose()
    {
        foreach (var value in _values) value.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static OrtValue View(TensorValue tensor)
    {
        var lengths = new long[tensor.Lengths.Length];
        for (var axis = 0; axis < lengths.Length; axis++) lengths[axis] = tensor.Lengths[axis];
        if (tensor.ElementType == TensorElementType.String) return CopyStrings(tensor, lengths);

        // Both enumerations have the values of ONNX's own.
        var type = (Microsoft.ML.OnnxRuntime.Tensors.TensorElementType)tensor.ElementType;
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, lengths, tensor.Buffer.Address, (long)tensor.ElementType.ByteLength(tensor.ElementCount));
    }

    private static OrtValue CopyStrings(TensorValue tensor, long[] lengths)
    {
        var copy = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, lengths);
        var strings = tensor.AsStrings();
        for (var i = 0; i < strings.Length; i++) copy.StringTensorSetElementAt(strings[i], i);
        return copy;
    }
}
