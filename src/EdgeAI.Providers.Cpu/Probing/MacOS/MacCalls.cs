using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace EdgeAI.Providers.Cpu.Probing.MacOS;

/// <summary>The calls themselves.</summary>
[SupportedOSPlatform("macos")]
internal sealed unsafe partial class MacCalls : IMacCalls
{
    private const string Library = "libSystem.dylib";
    private const int HostVmInfo64 = 4;

    private int? _thermalToken;

    public long? ReadNumber(string name)
    {
        var answer = Read(name);
        return answer switch
        {
            { Length: 8 } => BitConverter.ToInt64(answer),
            { Length: 4 } => BitConverter.ToInt32(answer),
            _ => null,
        };
    }

    public string? ReadText(string name) => Read(name) is { } answer ? Encoding.UTF8.GetString(answer).TrimEnd('\0') : null;

    public byte[]? ReadMemoryStatistics()
    {
        var answer = new byte[MemoryStatistics.ByteLength];
        var count = (uint)(answer.Length / sizeof(int));
        fixed (byte* start = answer) return host_statistics64(mach_host_self(), HostVmInfo64, start, &count) == 0 ? answer : null;
    }

    public ulong? ReadThermalPressure()
    {
        if (_thermalToken is null)
        {
            int token;
            if (notify_register_check("com.apple.system.thermalpressurelevel", &token) != 0) return null;
            _thermalToken = token;
        }

        ulong state;
        return notify_get_state(_thermalToken.Value, &state) == 0 ? state : null;
    }

    private static byte[]? Read(string name)
    {
        nuint length = 0;
        if (sysctlbyname(name, null, &length, null, 0) != 0 || length is 0 or > 4096) return null;
        var answer = new byte[length];
        fixed (byte* start = answer) return sysctlbyname(name, start, &length, null, 0) == 0 ? answer[..(int)length] : null;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sysctlbyname(string name, byte* old, nuint* oldLength, byte* @new, nuint newLength);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint mach_host_self();

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int host_statistics64(uint host, int flavor, byte* info, uint* count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint notify_register_check(string name, int* token);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint notify_get_state(int token, ulong* state);
}
