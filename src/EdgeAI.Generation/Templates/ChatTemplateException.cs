namespace EdgeAI.Generation;

/// <summary>A chat template refuses a conversation, or cannot be run. Not transient.</summary>
public sealed class ChatTemplateException : EdgeAIException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was refused, and what to do.</param>
    /// <param name="innerException">What caused it.</param>
    public ChatTemplateException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
