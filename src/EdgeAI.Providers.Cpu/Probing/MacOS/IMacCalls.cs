namespace EdgeAI.Providers.Cpu.Probing.MacOS;

/// <summary>What macOS answers; <see langword="null"/> where a call fails. Tests answer for machines that they describe.</summary>
internal interface IMacCalls
{
    /// <summary>A number by <c>sysctlbyname</c>.</summary>
    long? ReadNumber(string name);

    /// <summary>A text by <c>sysctlbyname</c>.</summary>
    string? ReadText(string name);

    /// <summary><c>host_statistics64</c>: the <c>vm_statistics64</c> of mach/vm_statistics.h.</summary>
    byte[]? ReadMemoryStatistics();

    /// <summary>The state of the notification <c>com.apple.system.thermalpressurelevel</c>.</summary>
    ulong? ReadThermalPressure();
}
