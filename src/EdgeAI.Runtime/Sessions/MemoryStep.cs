namespace EdgeAI.Sessions;

/// <summary>What is done when a run found no memory.</summary>
internal enum MemoryStep
{
    /// <summary>The pools' idle blocks are freed.</summary>
    Trim,

    /// <summary>The batch is cut in halves.</summary>
    Halve,

    /// <summary>The sessions are closed, with all that their arenas hold, and opened again.</summary>
    Rebuild,

    /// <summary>The request goes to another device.</summary>
    Move,

    /// <summary>The request fails.</summary>
    Fail,
}
