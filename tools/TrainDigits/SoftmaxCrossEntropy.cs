namespace EdgeAI.TrainDigits;

/// <summary>The negative logarithm of the probability that a softmax over the logits gives to the right label.</summary>
internal static class SoftmaxCrossEntropy
{
    /// <summary>The loss; fills its gradient by the logits, which is the probabilities less one at the label.</summary>
    public static float Measure(ReadOnlySpan<float> logits, int label, Span<float> gradient)
    {
        var largest = float.MinValue;
        foreach (var logit in logits) largest = Math.Max(largest, logit);

        var sum = 0f;
        for (var i = 0; i < logits.Length; i++) sum += gradient[i] = MathF.Exp(logits[i] - largest);
        for (var i = 0; i < logits.Length; i++) gradient[i] /= sum;
        gradient[label] -= 1;
        return MathF.Log(sum) - (logits[label] - largest);
    }
}
