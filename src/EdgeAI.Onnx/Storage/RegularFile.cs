using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace EdgeAI.Onnx;

/// <summary>Opens files for reading after it has made sure that they are regular files, and where they lie.</summary>
internal static class RegularFile
{
    /// <summary>Opens a file. Nothing is opened unless it is a regular file under one of the folders.</summary>
    /// <param name="path">Its path; symbolic links are followed.</param>
    /// <param name="realFolders">Real paths of the folders that it may lie in; <see langword="null"/> allows every place.</param>
    /// <param name="problem">Why it was not opened, as the end of a sentence.</param>
    /// <returns>The file; <see langword="null"/> where it was refused.</returns>
    public static FileSource? Open(string path, IReadOnlyList<string>? realFolders, out string? problem)
    {
        try
        {
            var handle = OperatingSystem.IsLinux() ? OpenHeld(path, realFolders, out problem) : OpenByName(path, realFolders, out problem);
            return handle is null ? null : new FileSource(handle);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            problem = $"cannot be read: {error.Message}";
            return null;
        }
    }

    [SupportedOSPlatform("linux")]
    private static SafeFileHandle? OpenHeld(string path, IReadOnlyList<string>? realFolders, out string? problem)
    {
        using var held = LinuxPaths.Hold(path);
        if (held.IsInvalid)
        {
            problem = $"cannot be found: {LinuxPaths.LastError}";
            return null;
        }

        problem = FindProblem(LinuxPaths.RealPath(held), LinuxPaths.KindOf(held), realFolders);
        return problem is null ? File.OpenHandle(LinuxPaths.SelfPath(held), options: FileOptions.RandomAccess) : null;
    }

    /// <summary>Where a file cannot be held without being opened: checks its name before and after.</summary>
    internal static SafeFileHandle? OpenByName(string path, IReadOnlyList<string>? realFolders, out string? problem)
    {
        var real = RealPaths.Resolve(path);
        if (real is null)
        {
            problem = "cannot be found";
            return null;
        }

        problem = FindProblem(real, KindOf(real), realFolders);
        if (problem is not null) return null;
        var handle = File.OpenHandle(real, share: FileShare.Read | FileShare.Delete, options: FileOptions.RandomAccess);
        if (RealPaths.Resolve(path) == real) return handle;

        handle.Dispose();
        problem = "was moved while it was opened";
        return null;
    }

    private static string? FindProblem(string? real, string kind, IReadOnlyList<string>? realFolders)
    {
        if (real is null) return "cannot be located: reading /proc/self/fd failed";
        if (kind != "file") return $"is not a regular file but a {kind}";
        if (realFolders is null || realFolders.Any(folder => RealPaths.IsUnder(real, folder))) return null;
        return $"really lies at '{real}', outside {string.Join(" and ", realFolders.Select(folder => $"'{folder}'"))}";
    }

    private static string KindOf(string real)
    {
        var attributes = File.GetAttributes(real);
        if (attributes.HasFlag(FileAttributes.Directory)) return "directory";
        return attributes.HasFlag(FileAttributes.Device) ? "device" : "file";
    }
}
