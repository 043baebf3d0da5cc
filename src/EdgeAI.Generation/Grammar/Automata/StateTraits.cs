namespace EdgeAI.Generation;

/// <summary>What is special about a state of an <see cref="Automaton"/>.</summary>
[Flags]
internal enum StateTraits : byte
{
    None = 0,

    /// <summary>Its rule may end here.</summary>
    Accepts = 1,

    /// <summary>A character of a counted string begins or the string ends here.</summary>
    Counted = 2,

    /// <summary>Rules may be called.</summary>
    Calls = 4,

    /// <summary>Every plain character leads back to it: see <see cref="PlainText"/>.</summary>
    PlainLoop = 8,
}
