using System.Numerics.Tensors;

namespace EdgeAI.TrainDigits.Layers;

/// <summary>max(x, 0), element by element.</summary>
internal sealed class Rectifier(int length) : ILayer
{
    public int InputLength => length;

    public int OutputLength => length;

    public int ParameterCount => 0;

    public void Initialize(Random random, Span<float> parameters)
    {
    }

    public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> input, Span<float> output) =>
        TensorPrimitives.Max(input, 0f, output);

    public void Backward(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        Span<float> parameterGradient)
    {
        for (var i = 0; i < inputGradient.Length; i++) inputGradient[i] = input[i] > 0 ? outputGradient[i] : 0;
    }
}
