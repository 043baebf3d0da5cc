using System.Numerics.Tensors;

namespace EdgeAI.Samples.CustomProvider;

/// <summary>What a device read.</summary>
/// <param name="DeviceId">The device that answered.</param>
/// <param name="Probabilities">One for each digit.</param>
internal sealed record Reading(string DeviceId, float[] Probabilities)
{
    public int Digit => TensorPrimitives.IndexOfMax<float>(Probabilities);
}
