namespace EdgeAI.Generation;

/// <summary>
/// Says which token may come next, for one sequence: structured output, for instance. Used by one thread at a time, from the begin of the answer on.
/// A steady step must not allocate.
/// </summary>
public interface ITokenConstraint
{
    /// <summary>Marks the tokens that may come next.</summary>
    /// <param name="allowed">One bit a token, token 0 in the lowest bit of the first element; all bits are written. End tokens are marked exactly when the answer may end here.</param>
    void FillAllowed(Span<ulong> allowed);

    /// <summary>Takes the chosen token into account.</summary>
    /// <returns><see langword="false"/> where the token was not allowed; the state is unchanged then.</returns>
    bool TryAccept(int token);

    /// <summary>Whether the answer is complete and nothing but its end may follow. While it may end but also go on, as a number may, only the end tokens are marked.</summary>
    bool IsComplete { get; }
}
