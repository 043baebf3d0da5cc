namespace EdgeAI.Generation;

/// <summary>No token can be chosen: the model's logits are not numbers, or nothing that is allowed has a probability. Not transient.</summary>
public sealed class TokenSelectionException : EdgeAIException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong with the logits, and at which token of the answer.</param>
    /// <param name="innerException">What caused it.</param>
    public TokenSelectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
