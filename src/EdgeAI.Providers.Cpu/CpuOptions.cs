namespace EdgeAI.Providers.Cpu;

/// <summary>How the CPU is found and used. Every default works without tuning.</summary>
public sealed class CpuOptions
{
    /// <summary>The folder that holds the <c>proc</c> and <c>sys</c> trees to read, absolute. Default: <c>/</c>. Ignored where the system has none.</summary>
    public string SystemRoot { get; set; } = "/";

    /// <summary>Threads that make sense at once, 1 to 1024; <see langword="null"/> (default): the usable physical cores, or the container's quota where that is less.</summary>
    public int? MaxParallelism { get; set; }
}
