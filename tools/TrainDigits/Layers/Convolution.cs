namespace EdgeAI.TrainDigits.Layers;

/// <summary>
/// A 3x3 convolution that keeps height and width, zeros around the image. Parameters: weights [outputs, inputs, 3, 3], then biases [outputs].
/// </summary>
/// <remarks>
/// Planes are held with a border of zeros. Then one tap of the kernel, for all pixels at once, is one contiguous multiply-add of the
/// shifted plane; the two columns too many in each row of the result are dropped.
/// </remarks>
internal sealed class Convolution(int inputs, int outputs, int height, int width) : ILayer
{
    public const int Kernel = 3;
    private const int Taps = Kernel * Kernel;

    private readonly int _stride = width + 2;
    private readonly int _paddedPlane = (height + 2) * (width + 2);
    private readonly int _widePlane = (height * (width + 2)) - 2;

    public int Inputs => inputs;

    public int Outputs => outputs;

    public int InputLength => inputs * height * width;

    public int OutputLength => outputs * height * width;

    public int WeightCount => outputs * inputs * Taps;

    public int ParameterCount => WeightCount + outputs;

    public void Initialize(Random random, Span<float> parameters)
    {
        random.DrawWeights(parameters[..WeightCount], inputs * Taps);
        parameters[WeightCount..].Clear();
    }

    public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> input, Span<float> output)
    {
        Span<float> padded = stackalloc float[inputs * _paddedPlane];
        Span<float> wide = stackalloc float[_widePlane];
        Pad(input, padded);
        for (var o = 0; o < outputs; o++)
        {
            wide.Fill(parameters[WeightCount + o]);
            var weights = parameters.Slice(o * inputs * Taps, inputs * Taps);
            for (var w = 0; w < weights.Length; w++) FixedOrder.AddScaled(padded.Slice(Shift(w), _widePlane), weights[w], wide);
            Narrow(wide, output.Slice(o * height * width, height * width));
        }
    }

    public void Backward(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        Span<float> parameterGradient)
    {
        Span<float> padded = stackalloc float[inputs * _paddedPlane];
        Span<float> paddedGradient = stackalloc float[inputs * _paddedPlane];
        Span<float> wide = stackalloc float[_widePlane];
        Pad(input, padded);
        paddedGradient.Clear();
        for (var o = 0; o < outputs; o++)
        {
            Widen(outputGradient.Slice(o * height * width, height * width), wide);
            foreach (var gradient in wide) parameterGradient[WeightCount + o] += gradient;
            for (var w = 0; w < inputs * Taps; w++)
            {
                var at = (o * inputs * Taps) + w;
                parameterGradient[at] += FixedOrder.Dot(padded.Slice(Shift(w), _widePlane), wide);
                FixedOrder.AddScaled(wide, parameters[at], paddedGradient.Slice(Shift(w), _widePlane));
            }
        }

        Crop(paddedGradient, inputGradient);
    }

    /// <summary>Where the plane of a weight's input starts, moved by the weight's tap.</summary>
    private int Shift(int weight)
    {
        var (plane, tap) = Math.DivRem(weight, Taps);
        var (row, column) = Math.DivRem(tap, Kernel);
        return (plane * _paddedPlane) + (row * _stride) + column;
    }

    private void Pad(ReadOnlySpan<float> planes, Span<float> padded)
    {
        padded.Clear();
        for (var row = 0; row < inputs * height; row++) planes.Slice(row * width, width).CopyTo(padded[Inner(row)..]);
    }

    private void Crop(ReadOnlySpan<float> padded, Span<float> planes)
    {
        for (var row = 0; row < inputs * height; row++) padded.Slice(Inner(row), width).CopyTo(planes[(row * width)..]);
    }

    private int Inner(int row) => (row / height * _paddedPlane) + (((row % height) + 1) * _stride) + 1;

    private void Widen(ReadOnlySpan<float> plane, Span<float> wide)
    {
        wide.Clear();
        for (var y = 0; y < height; y++) plane.Slice(y * width, width).CopyTo(wide[(y * _stride)..]);
    }

    private void Narrow(ReadOnlySpan<float> wide, Span<float> plane)
    {
        for (var y = 0; y < height; y++) wide.Slice(y * _stride, width).CopyTo(plane[(y * width)..]);
    }
}
