namespace EdgeAI.Onnx;

/// <summary>Resolves the symbolic links in every component of a path.</summary>
internal static class RealPaths
{
    private const int MaxLinks = 40;

    /// <summary>The real path; <see langword="null"/> where nothing is there or the links form a loop.</summary>
    public static string? Resolve(string path)
    {
        var links = 0;
        return Resolve(Path.GetFullPath(path), ref links);
    }

    /// <summary>Whether a real path lies under a real folder.</summary>
    public static bool IsUnder(string path, string folder)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var prefix = Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;
        return path.StartsWith(prefix, comparison);
    }

    private static string? Resolve(string path, ref int links)
    {
        var resolved = Path.GetPathRoot(path)!;
        foreach (var part in path[resolved.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(resolved, part);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (!entry.Exists && entry.LinkTarget is null) return null;
            if (entry.LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks) return null;
            if (Resolve(Path.GetFullPath(target, resolved), ref links) is not { } real) return null;
            resolved = real;
        }

        return resolved;
    }
}
