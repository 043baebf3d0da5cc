namespace EdgeAI.Scheduling;

/// <summary>How a lane's run went.</summary>
/// <param name="RunTicks">Its duration; 0 where it failed or was cut into smaller ones.</param>
/// <param name="Memory">Whether there was memory for so many rows.</param>
/// <param name="Fault">Whether the device failed.</param>
internal readonly record struct BatchOutcome(long RunTicks, MemoryVerdict Memory = MemoryVerdict.Sufficient, DeviceFault Fault = DeviceFault.None);

/// <summary>What a run tells of its device.</summary>
internal enum DeviceFault
{
    /// <summary>Nothing bad.</summary>
    None,

    /// <summary>It failed once.</summary>
    Failed,

    /// <summary>It says that it is lost.</summary>
    Lost,
}
