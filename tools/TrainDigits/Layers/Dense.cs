namespace EdgeAI.TrainDigits.Layers;

/// <summary>A fully connected layer. Parameters: weights [outputs, inputs], then biases [outputs].</summary>
internal sealed class Dense(int inputs, int outputs) : ILayer
{
    public int InputLength => inputs;

    public int OutputLength => outputs;

    public int WeightCount => outputs * inputs;

    public int ParameterCount => WeightCount + outputs;

    public void Initialize(Random random, Span<float> parameters)
    {
        random.DrawWeights(parameters[..WeightCount], inputs);
        parameters[WeightCount..].Clear();
    }

    public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> input, Span<float> output)
    {
        for (var o = 0; o < outputs; o++)
        {
            output[o] = parameters[WeightCount + o] + FixedOrder.Dot(parameters.Slice(o * inputs, inputs), input);
        }
    }

    public void Backward(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        Span<float> parameterGradient)
    {
        inputGradient.Clear();
        for (var o = 0; o < outputs; o++)
        {
            parameterGradient[WeightCount + o] += outputGradient[o];
            FixedOrder.AddScaled(input, outputGradient[o], parameterGradient.Slice(o * inputs, inputs));
            FixedOrder.AddScaled(parameters.Slice(o * inputs, inputs), outputGradient[o], inputGradient);
        }
    }
}
