using EdgeAI.Providers.Cpu.Probing;
using EdgeAI.Providers.Cpu.Probing.Linux;

namespace EdgeAI.Providers.Cpu;

/// <summary>Reads what the CPU is and how much of it this process may use. Thread-safe.</summary>
public static class CpuProbe
{
    /// <summary>Reads the tree below a folder.</summary>
    /// <param name="systemRoot">An absolute folder that holds <c>proc</c> and <c>sys</c>: <c>/</c> for this machine, or a recorded tree of another.</param>
    /// <returns>
    /// The facts found; what is missing is unknown, never an error. <see cref="DeviceInfo.Features"/> are those of this machine and empty for a recorded tree.
    /// On Windows and macOS <c>/</c> asks the system's own functions instead.
    /// </returns>
    public static DeviceInfo Read(string systemRoot)
    {
        ArgumentException.ThrowIfNullOrEmpty(systemRoot);
        return new CpuFacts(new SystemTree(systemRoot)).Info;
    }
}
