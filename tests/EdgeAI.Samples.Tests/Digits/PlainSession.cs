using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Samples.Tests.Digits;

/// <summary>A digits model in plain ONNX Runtime, as an oracle that shares no code with the engine.</summary>
internal sealed class PlainSession(byte[] model) : IDisposable
{
    private readonly RunOptions _options = new();

    public InferenceSession Session { get; } = new(model);

    /// <summary>Ten probabilities an image.</summary>
    public float[] Run(float[] images, int count)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(images, [count, 1, 28, 28]);
        using var outputs = Session.Run(_options, ["image"], [input], ["probabilities"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        Session.Dispose();
        _options.Dispose();
    }
}
