using EdgeAI.Cli.Output;
using EdgeAI.Onnx;

namespace EdgeAI.Cli.Diagnostics;

/// <summary>A real inference: a model of one node, written by our own writer, run by the engine.</summary>
internal static class InferenceCheck
{
    private const string Name = "inference";

    public static async Task<CheckReport> RunAsync(IInferenceEngine engine, CancellationToken cancellationToken)
    {
        try
        {
            await using var model = await engine.LoadModelAsync(ModelSource.FromBytes(OnnxWriter.ToBytes(CreateModel()), "one-node test model"), options: null, cancellationToken).ConfigureAwait(false);
            using var x = TensorValue.Create((float[])[1, 2, 3], 3);
            using var response = await model.RunAsync(new InferenceRequest { ["x"] = x }, cancellationToken).ConfigureAwait(false);
            return response["y"].AsSpan<float>().SequenceEqual((ReadOnlySpan<float>)[2, 4, 6])
                ? new CheckReport(Name, true, $"a one-node model ran on {response.Timings.DeviceId} in {response.Timings.Executed.TotalMilliseconds:0.##} ms")
                : new CheckReport(Name, false, $"a one-node model ran on {response.Timings.DeviceId} but gave a wrong answer", "install the tool again; if that does not help, test the machine's memory");
        }
        catch (Exception error) when (error is EdgeAIException)
        {
            return new CheckReport(Name, false, $"a one-node model cannot be run: {error.Message.TrimEnd('.')}", "put right what the other checks found");
        }
    }

    private static OnnxModel CreateModel() => new(
        new OnnxGraph(
            "test",
            [new OnnxNode("Add", ["x", "x"], ["y"])],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "n")],
            [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "n")]),
        17)
    { IrVersion = 8 };
}
