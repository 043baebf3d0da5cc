using System.Globalization;
using System.Text;

namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>The <c>/proc</c> and <c>/sys</c> trees below a root that tests replace. Reading never throws: what is missing is <see langword="null"/>.</summary>
/// <param name="root">An absolute folder.</param>
internal sealed class SystemFiles(string root)
{
    private const int MaxFileBytes = 64 << 10;

    public string? ReadText(string path)
    {
        try
        {
            using var stream = new FileStream(Path.Join(root, path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var bytes = new byte[MaxFileBytes];
            return Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).Trim();
        }
        catch (Exception e) when (IsExpected(e))
        {
            return null;
        }
    }

    public long? ReadNumber(string path) =>
        long.TryParse(ReadText(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Bytes of a line such as <c>MemTotal: 280840 kB</c> of a file.</summary>
    public long? ReadKilobytes(string path, string field)
    {
        foreach (var line in (ReadText(path) ?? "").Split('\n'))
        {
            if (!line.StartsWith(field + ":", StringComparison.Ordinal)) continue;
            var value = line[(field.Length + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return value.Length > 0 && long.TryParse(value[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) && kilobytes <= long.MaxValue / 1024 ? kilobytes * 1024 : null;
        }

        return null;
    }

    /// <summary>Where a link points, as a path below the root; <see langword="null"/> where there is no such link.</summary>
    public string? ResolveLink(string path)
    {
        try
        {
            var full = Path.Join(root, path);
            if (new FileInfo(full).LinkTarget is not { } target) return null;
            var resolved = Path.IsPathRooted(target) ? target : Path.GetFullPath(Path.Join(Path.GetDirectoryName(full), target));
            var relative = Path.GetRelativePath(root, resolved);
            return relative.StartsWith("..", StringComparison.Ordinal) ? null : relative;
        }
        catch (Exception e) when (IsExpected(e))
        {
            return null;
        }
    }

    private static bool IsExpected(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
