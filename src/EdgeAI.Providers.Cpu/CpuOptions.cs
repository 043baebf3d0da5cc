using EdgeAI.OnnxRuntime;

namespace EdgeAI.Providers.Cpu;

/// <summary>How the CPU is found and used. Every default works without tuning.</summary>
public sealed class CpuOptions
{
    /// <summary>The folder that holds the <c>proc</c> and <c>sys</c> trees to read, absolute. Default: <c>/</c>. Ignored where the system has none.</summary>
    public string SystemRoot { get; set; } = "/";

    /// <summary>Threads that make sense at once, 1 to 1024; <see langword="null"/> (default): the usable physical cores, or the container's quota where that is less.</summary>
    public int? MaxParallelism { get; set; }

    /// <summary>
    /// Whether lanes' threads are kept on processors that suit them: those of one NUMA node, performance cores first, no second thread of a core before all cores are used. Default: on.
    /// Nothing is bound where that would leave out no processor, as on a small machine of like cores, and on macOS, which cannot. Switch it off where the host places threads itself.
    /// </summary>
    public bool PlaceThreads { get; set; } = true;

    /// <summary>
    /// How long a session's worker threads look for more work within a run before they sleep, 0 to 1 s; 0: they sleep at once. Default: 500 µs, which costs nothing on free cores and saves
    /// processor time on busy ones. Between runs they always sleep.
    /// </summary>
    public TimeSpan SpinDuration { get; set; } = OnnxSessionSetup.DefaultSpinDuration;

    /// <summary>
    /// Whether numbers too small for the normal form of their type (below 1.2e-38 for float32) count as zero, on lanes' threads and sessions' workers. Default: off, because it changes answers
    /// that hold such numbers. Worth trying for audio and recurrent models that slow down as their state fades out. The lanes' own threads follow on Linux with glibc only.
    /// </summary>
    public bool FlushDenormals { get; set; }
}
