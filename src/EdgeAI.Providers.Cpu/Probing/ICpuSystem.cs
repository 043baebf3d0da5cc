namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>Where facts about the CPU come from: each operating system has its own. Nothing here throws; what cannot be told is unknown.</summary>
internal interface ICpuSystem
{
    /// <summary>Looks once, at creation.</summary>
    CpuReading Reading { get; }

    /// <summary>Memory in bytes that is free for this process now.</summary>
    long? ReadFreeMemory();

    /// <summary>Sensors; rates are those since the last call.</summary>
    CpuState ReadState();
}
