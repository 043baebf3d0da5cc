namespace EdgeAI.TrainDigits.Layers;

/// <summary>The largest of each 2x2 block of a plane. Height and width are even.</summary>
internal sealed class MaxPool(int planes, int height, int width) : ILayer
{
    public const int Window = 2;

    public int InputLength => planes * height * width;

    public int OutputLength => InputLength / (Window * Window);

    public int ParameterCount => 0;

    public void Initialize(Random random, Span<float> parameters)
    {
    }

    public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> input, Span<float> output)
    {
        for (var i = 0; i < output.Length; i++) output[i] = input[Largest(input, i)];
    }

    public void Backward(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        Span<float> parameterGradient)
    {
        inputGradient.Clear();
        for (var i = 0; i < outputGradient.Length; i++) inputGradient[Largest(input, i)] = outputGradient[i];
    }

    /// <summary>The index of the block's largest input; of equal ones the first.</summary>
    private int Largest(ReadOnlySpan<float> input, int output)
    {
        // Rows of all planes count on: a block never spans two planes, since the height is even.
        var (row, column) = Math.DivRem(output, width / Window);
        var first = (row * Window * width) + (column * Window);
        var best = first;
        if (input[first + 1] > input[best]) best = first + 1;
        if (input[first + width] > input[best]) best = first + width;
        if (input[first + width + 1] > input[best]) best = first + width + 1;
        return best;
    }
}
