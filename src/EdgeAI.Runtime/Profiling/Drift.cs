namespace EdgeAI.Profiling;

/// <summary>Whether a device changed its pace for good, as far as one more observation can tell.</summary>
internal enum Drift
{
    /// <summary>No change, or one that was reported already.</summary>
    None,

    /// <summary>Runs take longer than at the last level: throttled, or shared with other work.</summary>
    Slower,

    /// <summary>Runs are quicker than at the last level: recovered.</summary>
    Faster,
}
