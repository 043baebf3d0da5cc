namespace EdgeAI.Profiling;

/// <summary>Where measurements are kept when the host names no folder.</summary>
internal static class CurveFolder
{
    /// <summary>
    /// <c>edgeai/curves</c> in <c>XDG_CACHE_HOME</c>, or in the platform's folder for caches; <see langword="null"/> for a process that has no home.
    /// The XDG base directory specification has relative paths ignored.
    /// </summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="isWindows">Whether the platform is Windows.</param>
    /// <param name="isMacOS">Whether the platform is macOS.</param>
    public static string? Default(Func<string, string?> variable, bool isWindows, bool isMacOS)
    {
        var cache = Absolute(variable("XDG_CACHE_HOME"));
        if (cache is null && isWindows) cache = Absolute(variable("LOCALAPPDATA"));
        if (cache is null && !isWindows && Absolute(variable("HOME")) is { } home) cache = isMacOS ? Path.Combine(home, "Library", "Caches") : Path.Combine(home, ".cache");
        return cache is null ? null : Path.Combine(cache, "edgeai", "curves");
    }

    private static string? Absolute(string? path) => !string.IsNullOrEmpty(path) && Path.IsPathFullyQualified(path) ? path : null;
}
