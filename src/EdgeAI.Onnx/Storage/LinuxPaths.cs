using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace EdgeAI.Onnx;

/// <summary>
/// Linux: takes hold of a file without opening it (<c>O_PATH</c>), so that its kind and real place can be judged first. Opening a
/// pipe would block and opening a device may act; a path checked by name may be another file a moment later.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxPaths
{
    private const int OpenPathOnly = 0x200000;
    private const int OpenCloseOnExec = 0x80000;
    private const int AtEmptyPath = 0x1000;
    private const int StatxType = 1;
    private const int StatxModeOffset = 28;
    private const int StatxLength = 256;
    private const int TypeMask = 0xF000;
    private const int TypeRegular = 0x8000;
    private const int TypeDirectory = 0x4000;

    /// <summary>Holds the file, symbolic links followed; invalid where there is none.</summary>
    public static SafeFileHandle Hold(string path) => new(Open(path, OpenPathOnly | OpenCloseOnExec), ownsHandle: true);

    /// <summary>The error of the last call.</summary>
    public static string LastError => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    /// <summary>A path that leads to exactly the held file, whatever has happened to its name.</summary>
    public static string SelfPath(SafeFileHandle held) => $"/proc/self/fd/{held.DangerousGetHandle()}";

    /// <summary>Where the held file really lies.</summary>
    public static string? RealPath(SafeFileHandle held) => new FileInfo(SelfPath(held)).LinkTarget;

    /// <summary>What the held file is: <c>file</c> for a regular file.</summary>
    public static string KindOf(SafeFileHandle held)
    {
        var status = stackalloc byte[StatxLength];
        if (Statx((int)held.DangerousGetHandle(), "", AtEmptyPath, StatxType, status) != 0) return "unknown";
        return (*(ushort*)(status + StatxModeOffset) & TypeMask) switch
        {
            TypeRegular => "file",
            TypeDirectory => "directory",
            _ => "pipe, socket or device",
        };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, byte* status);
}
