using System.Numerics.Tensors;

namespace EdgeAI.TrainDigits;

/// <summary>Adam (Kingma and Ba 2014, "Adam: A Method for Stochastic Optimization") with the paper's decay rates.</summary>
internal sealed class Adam(int parameterCount)
{
    private const float MeanDecay = 0.9f;
    private const float SquareDecay = 0.999f;
    private const float Epsilon = 1e-8f;

    private readonly float[] _mean = new float[parameterCount];
    private readonly float[] _square = new float[parameterCount];
    private readonly float[] _scratch = new float[parameterCount];
    private float _meanBias = 1;
    private float _squareBias = 1;

    /// <summary>Moves the parameters down the gradient.</summary>
    public void Step(Span<float> parameters, ReadOnlySpan<float> gradient, float rate)
    {
        TensorPrimitives.Multiply(_mean, MeanDecay, _mean);
        FixedOrder.AddScaled(gradient, 1 - MeanDecay, _mean);
        TensorPrimitives.Multiply(gradient, gradient, _scratch);
        TensorPrimitives.Multiply(_square, SquareDecay, _square);
        FixedOrder.AddScaled(_scratch, 1 - SquareDecay, _square);
        _meanBias *= MeanDecay;
        _squareBias *= SquareDecay;

        TensorPrimitives.Multiply(_square, 1 / (1 - _squareBias), _scratch);
        TensorPrimitives.Sqrt(_scratch, _scratch);
        TensorPrimitives.Add(_scratch, Epsilon, _scratch);
        TensorPrimitives.Divide(_mean, _scratch, _scratch);
        FixedOrder.AddScaled(_scratch, -rate / (1 - _meanBias), parameters);
    }
}
