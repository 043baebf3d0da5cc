namespace EdgeAI.Generation;

/// <summary>Why a grammar cannot be compiled.</summary>
public enum GrammarErrorReason
{
    /// <summary>A keyword, or a value of one, that a token mask cannot enforce.</summary>
    Unsupported,

    /// <summary>Not a schema, or not a regular expression: a value of a wrong kind, a reference to nothing.</summary>
    Invalid,

    /// <summary>No text fits.</summary>
    Unsatisfiable,

    /// <summary>Larger than the bounds on states, alternatives, depth or lengths.</summary>
    TooLarge,

    /// <summary>The vocabulary lacks tokens without which a text that fits may not be completed.</summary>
    Vocabulary,
}
