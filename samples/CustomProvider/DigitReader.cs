using EdgeAI.Samples.Digits;

namespace EdgeAI.Samples.CustomProvider;

/// <summary>Reads painted digits with the model. Thread-safe.</summary>
internal sealed class DigitReader(IModelHandle model)
{
    /// <summary>Reads one image.</summary>
    /// <param name="digit">The image.</param>
    /// <param name="deviceId">The device that must answer; <see langword="null"/> lets the engine choose.</param>
    public async Task<Reading> ReadAsync(PaintedDigit digit, string? deviceId)
    {
        using var image = TensorValue.Create(digit.Pixels, 1, 1, DigitPainter.Side, DigitPainter.Side);
        using var response = await model.RunAsync(new InferenceRequest { ["image"] = image, DeviceId = deviceId });
        return new Reading(response.Timings.DeviceId, response["probabilities"].AsSpan<float>().ToArray());
    }
}
