namespace EdgeAI.TrainDigits.Layers;

/// <summary>
/// A differentiable function of one image with parameters. Immutable and thread-safe: parameters and activations belong to the caller,
/// who gives every span in the exact length.
/// </summary>
internal interface ILayer
{
    int InputLength { get; }

    int OutputLength { get; }

    int ParameterCount { get; }

    /// <summary>Draws starting values.</summary>
    void Initialize(Random random, Span<float> parameters);

    void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> input, Span<float> output);

    /// <summary>Overwrites <paramref name="inputGradient"/> and adds to <paramref name="parameterGradient"/>.</summary>
    void Backward(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        Span<float> parameterGradient);
}
