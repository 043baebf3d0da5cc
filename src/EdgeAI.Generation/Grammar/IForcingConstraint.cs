namespace EdgeAI.Generation;

/// <summary>A constraint that knows when only one text can follow: the model's steps for it can be left out (jump-ahead decoding).</summary>
public interface IForcingConstraint : ITokenConstraint
{
    /// <summary>
    /// Writes the tokens that must follow whatever the model says, the forced text cut into its longest tokens. A last piece that a longer token may go beyond is
    /// left to the model. The state is unchanged: accept the tokens as if they were chosen.
    /// </summary>
    /// <param name="tokens">Receives the tokens.</param>
    /// <returns>How many there are; 0 where the model has a choice, and where the answer may end.</returns>
    int FillForced(Span<int> tokens);
}
