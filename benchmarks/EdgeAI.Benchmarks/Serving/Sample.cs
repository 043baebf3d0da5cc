using System.Numerics.Tensors;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>A request of one row and the answer that plain ONNX Runtime gives to it.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Answer">The expected outputs, by name.</param>
internal sealed record Sample(ModelInput[] Inputs, IReadOnlyDictionary<string, float[]> Answer)
{
    /// <summary>The shapes of the answer, by name; empty where nobody asks for them.</summary>
    public IReadOnlyDictionary<string, long[]> AnswerShapes { get; init; } = new Dictionary<string, long[]>();

    // Rows beside others are summed in another order: measured differences are below 1e-5 of the largest element.
    private const float Tolerance = 1e-3f;

    /// <summary>Throws where an answer is not the expected one.</summary>
    /// <exception cref="WrongAnswerException">It is not.</exception>
    public void Check(InferenceResponse response)
    {
        foreach (var name in response.OutputNames) Check(name, response[name].AsSpan<float>());
    }

    /// <inheritdoc cref="Check(InferenceResponse)"/>
    public void Check(string output, ReadOnlySpan<float> actual)
    {
        var expected = Answer[output];
        if (actual.Length != expected.Length) throw new WrongAnswerException($"Output '{output}' has {actual.Length} elements instead of {expected.Length}.");
        var scale = Math.Abs(TensorPrimitives.MaxMagnitude<float>(expected));
        var distance = TensorPrimitives.Distance(expected, actual);
        if (!(distance <= Tolerance * scale * MathF.Sqrt(expected.Length))) throw new WrongAnswerException($"Output '{output}' differs from the single answer by {distance} over {expected.Length} elements of up to {scale}.");
    }

    /// <summary>Whether this sample's answer would pass for the other's.</summary>
    public bool IsLike(Sample other)
    {
        try
        {
            foreach (var (name, values) in other.Answer) Check(name, values);
            return true;
        }
        catch (WrongAnswerException)
        {
            return false;
        }
    }
}
