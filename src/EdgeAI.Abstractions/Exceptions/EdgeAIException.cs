namespace EdgeAI;

/// <summary>The base of this library's errors, except <see cref="InvalidInputException"/>, which is an argument error.</summary>
public abstract class EdgeAIException : Exception
{
    /// <summary>Creates an error.</summary>
    protected EdgeAIException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the same call may succeed later.</summary>
    public abstract bool IsTransient { get; }
}
