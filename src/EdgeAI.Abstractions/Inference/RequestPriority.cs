namespace EdgeAI;

/// <summary>Who goes first when requests wait for a lane.</summary>
public enum RequestPriority
{
    /// <summary>Work that can wait, such as background indexing. It ages, so it is never starved.</summary>
    Low,

    /// <summary>The default.</summary>
    Normal,

    /// <summary>Work that somebody waits for.</summary>
    High,
}
