namespace EdgeAI.Generation;

/// <summary>The tokens of an answer. Immutable.</summary>
/// <param name="Opening">Tokens that the prompt held behind the begin of the assistant's turn, such as an opened or skipped thought.</param>
/// <param name="Tokens">The tokens that were generated.</param>
/// <param name="ContentFrom">Where the answer proper begins in them, behind the thought; -1 where it does not begin with a token.</param>
/// <param name="HasReasoning">Whether there is a thought.</param>
internal sealed record RememberedAnswer(ReadOnlyMemory<int> Opening, ReadOnlyMemory<int> Tokens, int ContentFrom, bool HasReasoning)
{
    /// <summary>What stands in a later prompt for the answer; <see langword="null"/> where that must be rendered.</summary>
    /// <param name="keepReasoning">Whether the thought belongs there: templates keep it until the user's next question.</param>
    public ReadOnlyMemory<int>? TokensFor(bool keepReasoning)
    {
        if (keepReasoning || !HasReasoning) return Opening.IsEmpty ? Tokens : new ReadOnlyMemory<int>([.. Opening.Span, .. Tokens.Span]);
        return ContentFrom < 0 ? null : Tokens[ContentFrom..];
    }
}
