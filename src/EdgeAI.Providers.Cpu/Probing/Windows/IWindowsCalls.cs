namespace EdgeAI.Providers.Cpu.Probing.Windows;

/// <summary>What Windows answers, as bytes in the layouts of winnt.h; <see langword="null"/> where a call fails. Tests answer with bytes of their own.</summary>
internal interface IWindowsCalls
{
    /// <summary><c>GetLogicalProcessorInformationEx</c> for all relationships.</summary>
    byte[]? GetProcessorInformation();

    /// <summary><c>GlobalMemoryStatusEx</c>.</summary>
    byte[]? GetMemoryStatus();

    /// <summary><c>QueryInformationJobObject</c> for the process's own job.</summary>
    byte[]? GetJobInformation(int informationClass, int byteLength);

    /// <summary><c>GetProcessAffinityMask</c>; 0 where the process spans several groups.</summary>
    ulong? GetAffinityMask();
}
