namespace EdgeAI.Scheduling;

internal enum WorkState
{
    /// <summary>Not submitted, or finished in any way.</summary>
    None,

    /// <summary>Waits behind an item with the same order key.</summary>
    Held,

    /// <summary>Waits for a lane.</summary>
    Ready,

    /// <summary>A lane has it.</summary>
    Running,
}
