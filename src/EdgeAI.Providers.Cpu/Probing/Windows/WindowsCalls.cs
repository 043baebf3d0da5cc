using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace EdgeAI.Providers.Cpu.Probing.Windows;

/// <summary>The calls themselves.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe partial class WindowsCalls : IWindowsCalls
{
    private const int AllRelationships = 0xFFFF;

    public byte[]? GetProcessorInformation()
    {
        var length = 0u;

        // Without a buffer it fails by design and tells the length.
        if (GetLogicalProcessorInformationEx(AllRelationships, null, &length) != 0 || length is 0 or > 1 << 24) return null;
        var answer = new byte[length];
        fixed (byte* start = answer) return GetLogicalProcessorInformationEx(AllRelationships, start, &length) != 0 ? answer[..(int)length] : null;
    }

    public byte[]? GetMemoryStatus()
    {
        var answer = new byte[MemoryStatus.ByteLength];
        answer[0] = MemoryStatus.ByteLength;
        fixed (byte* start = answer) return GlobalMemoryStatusEx(start) != 0 ? answer : null;
    }

    public byte[]? GetJobInformation(int informationClass, int byteLength)
    {
        var answer = new byte[byteLength];
        fixed (byte* start = answer) return QueryInformationJobObject(0, informationClass, start, (uint)byteLength, null) != 0 ? answer : null;
    }

    public ulong? GetAffinityMask()
    {
        nuint process, system;
        return GetProcessAffinityMask(GetCurrentProcess(), &process, &system) != 0 ? process : null;
    }

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int GetLogicalProcessorInformationEx(int relationship, byte* buffer, uint* length);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int GlobalMemoryStatusEx(byte* buffer);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int QueryInformationJobObject(nint job, int informationClass, byte* buffer, uint length, uint* returned);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int GetProcessAffinityMask(nint process, nuint* processMask, nuint* systemMask);
}
