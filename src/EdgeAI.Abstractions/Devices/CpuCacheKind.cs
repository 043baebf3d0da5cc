namespace EdgeAI;

/// <summary>What a CPU cache holds.</summary>
public enum CpuCacheKind
{
    /// <summary>Data and instructions.</summary>
    Unified,

    /// <summary>Data only.</summary>
    Data,

    /// <summary>Instructions only.</summary>
    Instruction,
}
