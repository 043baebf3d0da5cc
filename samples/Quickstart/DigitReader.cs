using System.Numerics.Tensors;
using EdgeAI.Samples.Digits;

namespace EdgeAI.Samples.Quickstart;

/// <summary>Reads painted digits with the model. Thread-safe.</summary>
internal sealed class DigitReader(IModelHandle model)
{
    /// <summary>Reads one image.</summary>
    /// <param name="pixels"><see cref="DigitPainter.PixelCount"/> grey values from 0 (paper) to 1 (ink); unchanged until the task completes.</param>
    public async Task<Reading> ReadAsync(float[] pixels)
    {
        using var image = TensorValue.Create(pixels, 1, 1, DigitPainter.Side, DigitPainter.Side);
        using var response = await model.RunAsync(new InferenceRequest { ["image"] = image });
        var probabilities = response["probabilities"].AsSpan<float>();
        var digit = TensorPrimitives.IndexOfMax(probabilities);
        return new Reading(digit, probabilities[digit]);
    }
}
