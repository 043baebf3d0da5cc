using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Onnx.Tests;

/// <summary>The oracle of <see cref="BatchAnalysis"/>: what requests answer one by one in ONNX Runtime, they must answer stacked.</summary>
internal static class StackedRuns
{
    private const int SymbolLength = 3;

    /// <summary>Runs requests of one, two and one rows singly and stacked, one of them with extreme values.</summary>
    /// <returns>The first difference; <see langword="null"/> where there is none.</returns>
    /// <exception cref="OnnxRuntimeException">The model does not run singly.</exception>
    public static string? FindDifference(OnnxModel model, BatchAnalysis analysis, int seed)
    {
        using var session = NativeRuntime.Open(OnnxWriter.ToBytes(model));
        var random = new Random(seed);
        int[] counts = [1, 2, 1];
        var shared = model.Graph.Inputs.Select(input => Create(input, rows: null, axis: null, random, scale: 1)).ToArray();
        var requests = counts.Select((rows, request) => model.Graph.Inputs.Select((input, index) =>
            analysis.InputAxes[index] is { } axis ? Create(input, rows, axis, random, scale: request == 1 ? 1000 : 1) : shared[index]).ToArray()).ToArray();
        var answers = requests.Select(request => Run(session, model, request)).ToArray();
        Block[] stacked;
        try
        {
            stacked = Run(session, model, [.. shared.Select((value, index) => analysis.InputAxes[index] is { } axis ? Stack([.. requests.Select(request => request[index])], axis) : value)]);
        }
        catch (OnnxRuntimeException error)
        {
            return $"stacked only: {error.Message}";
        }

        for (var output = 0; output < stacked.Length; output++)
        {
            var singly = analysis.OutputAxes[output] is { } axis ? Stack([.. answers.Select(answer => answer[output])], axis) : answers[0][output];
            if (Compare(singly, stacked[output]) is { } difference) return $"output {output}: {difference}";
        }

        return null;
    }

    private static string? Compare(Block expected, Block actual)
    {
        if (!expected.Lengths.SequenceEqual(actual.Lengths)) return $"shape [{string.Join(',', actual.Lengths)}] instead of [{string.Join(',', expected.Lengths)}]";
        for (var index = 0; index < expected.Values.Length; index++)
        {
            var (a, b) = (expected.Values[index], actual.Values[index]);
            if (a == b || double.IsNaN(a) && double.IsNaN(b)) continue;
            if (!(Math.Abs(a - b) <= 1e-4 * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b))))) return $"element {index} is {b} instead of {a}";
        }

        return null;
    }

    private static Block Create(OnnxValueInfo input, int? rows, int? axis, Random random, double scale)
    {
        var type = (OnnxTensorType)input.Type!;
        long[] lengths = [.. type.Shape!.Value.Select((dimension, index) => index == axis ? rows!.Value : dimension.Length >= 0 ? (long)dimension.Length : SymbolLength)];
        double Next() => type.ElementType switch
        {
            TensorElementType.Float32 => (float)(((random.NextDouble() * 2) - 1) * scale),
            TensorElementType.Boolean => random.Next(2),
            _ => random.Next(2) + (input.Name.StartsWith("len", StringComparison.Ordinal) ? 1 : 0),
        };
        return new Block(type.ElementType, lengths, [.. Enumerable.Range(0, (int)lengths.Aggregate(1L, (a, b) => a * b)).Select(_ => Next())]);
    }

    private static Block Stack(Block[] parts, int axis)
    {
        var lengths = (long[])parts[0].Lengths.Clone();
        lengths[axis] = parts.Sum(part => part.Lengths[axis]);
        var outer = lengths.Take(axis).Aggregate(1L, (a, b) => a * b);
        var values = new List<double>();
        for (var before = 0L; before < outer; before++)
        {
            foreach (var part in parts)
            {
                var run = (int)(part.Values.Length / Math.Max(outer, 1));
                values.AddRange(part.Values.AsSpan((int)before * run, run));
            }
        }

        return new Block(parts[0].Type, lengths, [.. values]);
    }

    private static Block[] Run(InferenceSession session, OnnxModel model, Block[] inputs)
    {
        var values = inputs.Select(ToNative).ToArray();
        try
        {
            using var options = new RunOptions();
            using var outputs = session.Run(options, [.. model.Graph.Inputs.Select(input => input.Name)], values, [.. model.Graph.Outputs.Select(output => output.Name)]);
            return [.. outputs.Select(FromNative)];
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }

    private static OrtValue ToNative(Block block) => block.Type switch
    {
        TensorElementType.Float32 => OrtValue.CreateTensorValueFromMemory(block.Values.Select(value => (float)value).ToArray(), block.Lengths),
        TensorElementType.Int64 => OrtValue.CreateTensorValueFromMemory(block.Values.Select(value => (long)value).ToArray(), block.Lengths),
        TensorElementType.Int32 => OrtValue.CreateTensorValueFromMemory(block.Values.Select(value => (int)value).ToArray(), block.Lengths),
        TensorElementType.UInt8 => OrtValue.CreateTensorValueFromMemory(block.Values.Select(value => (byte)value).ToArray(), block.Lengths),
        TensorElementType.Boolean => OrtValue.CreateTensorValueFromMemory(block.Values.Select(value => value != 0).ToArray(), block.Lengths),
        _ => throw new NotSupportedException($"The tests make no input of {block.Type}."),
    };

    private static Block FromNative(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        double[] values = info.ElementDataType switch
        {
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float => [.. value.GetTensorDataAsSpan<float>().ToArray().Select(x => (double)x)],
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64 => [.. value.GetTensorDataAsSpan<long>().ToArray().Select(x => (double)x)],
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int32 => [.. value.GetTensorDataAsSpan<int>().ToArray().Select(x => (double)x)],
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.UInt8 => [.. value.GetTensorDataAsSpan<byte>().ToArray().Select(x => (double)x)],
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int8 => [.. value.GetTensorDataAsSpan<sbyte>().ToArray().Select(x => (double)x)],
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Bool => [.. value.GetTensorDataAsSpan<bool>().ToArray().Select(x => x ? 1.0 : 0)],
            _ => throw new NotSupportedException($"The tests read no output of {info.ElementDataType}."),
        };
        return new Block(TensorElementType.Float32, info.Shape, values);
    }

    private sealed record Block(TensorElementType Type, long[] Lengths, double[] Values);
}
