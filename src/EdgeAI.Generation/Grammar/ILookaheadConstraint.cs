namespace EdgeAI.Generation;

/// <summary>
/// A constraint that knows what is to come: how many tokens bring the answer to its end, so that a limit of tokens does not cut it off, and where one text only can follow, whose tokens
/// need not be chosen one by one (jump-ahead decoding). A generator prefers these members to <see cref="ITokenConstraint.FillAllowed"/>.
/// </summary>
public interface ILookaheadConstraint : ITokenConstraint
{
    /// <summary>
    /// So many tokens are enough to complete the answer, its end token not counted; 0 where it may end here. There may be shorter ways that cross the border of a rule with one token, or
    /// spell a pattern with long ones; they are not looked for.
    /// </summary>
    int TokensToEnd { get; }

    /// <summary>
    /// Marks the tokens that may come next where only so many are left: those after which the answer can still be completed. Where one text only can follow, its next token alone is marked:
    /// the longest one, unless a longer one might go beyond the text.
    /// </summary>
    /// <param name="allowed">As for <see cref="ITokenConstraint.FillAllowed"/>.</param>
    /// <param name="tokensLeft">Tokens that may still come, the next one included. From <see cref="TokensToEnd"/> on there is always a next token, and the promise holds after it again.</param>
    void FillAllowed(Span<ulong> allowed, int tokensLeft);

    /// <summary>
    /// Writes the tokens that come next whatever the model says: at each of them <see cref="FillAllowed(Span{ulong}, int)"/> would mark no other. The state is unchanged: accept them as if they were chosen.
    /// </summary>
    /// <param name="tokens">Receives the tokens.</param>
    /// <param name="tokensLeft">Tokens that may still come.</param>
    /// <returns>How many there are; 0 where the model has a choice, and where the answer may end.</returns>
    int FillForced(Span<int> tokens, int tokensLeft);
}
