using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Onnx.Tests;

/// <summary>Plain ONNX Runtime, the independent reader: what it makes of a model is what ours must agree with.</summary>
internal static class NativeRuntime
{
    /// <summary>Loads and runs a model on inputs that depend only on their names and shapes; the outputs bit by bit, as text.</summary>
    public static SortedDictionary<string, string> Run(byte[] model, int dynamicLength = 2)
    {
        using var options = Options();
        using var session = new InferenceSession(model, options);
        return Run(session, dynamicLength);
    }

    /// <summary>As the other overload, from a file and those beside it.</summary>
    public static SortedDictionary<string, string> Run(string path, int dynamicLength = 2)
    {
        using var options = Options();
        using var session = new InferenceSession(path, options);
        return Run(session, dynamicLength);
    }

    public static InferenceSession Open(byte[] model)
    {
        using var options = Options();
        return new InferenceSession(model, options);
    }

    private static SessionOptions Options() => new()
    {
        IntraOpNumThreads = 1,
        InterOpNumThreads = 1,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
    };

    private static SortedDictionary<string, string> Run(InferenceSession session, int dynamicLength)
    {
        var inputs = session.InputMetadata.ToDictionary(input => input.Key, input => CreateInput(input.Key, input.Value, dynamicLength));
        try
        {
            using var runOptions = new RunOptions();
            using var outputs = session.Run(runOptions, inputs, session.OutputNames);
            return new(session.OutputNames.Zip(outputs, KeyValuePair.Create).ToDictionary(pair => pair.Key, pair => Describe(pair.Value)), StringComparer.Ordinal);
        }
        finally
        {
            foreach (var input in inputs.Values) input.Dispose();
        }
    }

    private static OrtValue CreateInput(string name, NodeMetadata metadata, int dynamicLength)
    {
        long[] lengths = [.. metadata.Dimensions.Select(length => length < 0 ? dynamicLength : length)];
        var indexes = Enumerable.Range(0, checked((int)lengths.Aggregate(1L, (product, length) => product * length)));
        if (metadata.ElementType == typeof(float)) return OrtValue.CreateTensorValueFromMemory(indexes.Select(i => ((i * 31 % 17) - 8) / 8f).ToArray(), lengths);
        if (metadata.ElementType == typeof(long)) return OrtValue.CreateTensorValueFromMemory(indexes.Select(i => name == "sr" ? 16000L : i % 3).ToArray(), lengths);
        if (metadata.ElementType == typeof(bool)) return OrtValue.CreateTensorValueFromMemory(indexes.Select(i => i % 2 == 0).ToArray(), lengths);
        throw new NotSupportedException($"The tests make no input of {metadata.ElementType} for '{name}'.");
    }

    private static string Describe(OrtValue value)
    {
        if (!value.IsTensor) return value.OnnxType.ToString();
        var info = value.GetTensorTypeAndShape();
        var content = info.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.String
            ? string.Join('|', value.GetStringTensorAsArray())
            : Convert.ToHexString(value.GetTensorMutableRawData());
        return $"{info.ElementDataType}[{string.Join(',', info.Shape)}] {content}";
    }
}
