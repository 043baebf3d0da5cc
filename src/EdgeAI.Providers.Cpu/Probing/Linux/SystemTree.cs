using System.Globalization;
using System.Text;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>
/// The <c>/proc</c> and <c>/sys</c> trees below a root that tests and recorded machines replace. Reading never throws: what is missing or
/// unreadable is <see langword="null"/>, because every kernel and container leaves something out.
/// </summary>
/// <param name="root">An absolute folder.</param>
internal sealed class SystemTree(string root)
{
    private const int MaxFileBytes = 4 << 20;
    private static readonly char[] _padding = ['\0', ' ', '\t', '\r', '\n'];

    /// <summary>Whether this is the running machine's own tree.</summary>
    public bool IsLive => root == "/";

    /// <summary>A file's text without the padding at its ends (some recorded files end in NUL).</summary>
    /// <param name="path">Below the root, with or without a leading slash.</param>
    public string? ReadText(string path)
    {
        try
        {
            using var stream = new FileStream(Resolve(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var text = new StringBuilder();
            var buffer = new byte[4096];
            int read;
            // Files in /proc have no length: read to the end, within reason.
            while (text.Length < MaxFileBytes && (read = stream.Read(buffer)) > 0) text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            return text.ToString().Trim(_padding);
        }
        catch (Exception e) when (IsExpected(e))
        {
            return null;
        }
    }

    /// <summary>A file's lines; empty where it is missing.</summary>
    public string[] ReadLines(string path) => ReadText(path)?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>A file that holds one number, decimal or with 0x in front; <see langword="null"/> for anything else.</summary>
    public long? ReadNumber(string path)
    {
        var text = ReadText(path);
        if (text is null) return null;
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>A file that holds a list such as <c>0-3,8</c>; <see langword="null"/> where it is missing or empty.</summary>
    public IndexSet? ReadSet(string path) => ReadText(path) is { Length: > 0 } text ? IndexSet.TryParse(text) : null;

    /// <summary>A field of a file of <c>Name: value</c> lines, without its unit.</summary>
    public string? ReadField(string path, string name)
    {
        foreach (var line in ReadLines(path))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).TrimEnd().Equals(name, StringComparison.Ordinal)) return line[(colon + 1)..].Trim();
        }

        return null;
    }

    /// <summary>Whether a file is there.</summary>
    public bool HasFile(string path) => File.Exists(Resolve(path));

    /// <summary>Whether a folder is there.</summary>
    public bool HasFolder(string path) => Directory.Exists(Resolve(path));

    /// <summary>The numbers of entries such as <c>cpu0</c>, <c>cpu1</c> in a folder; empty where it is missing.</summary>
    public IndexSet ReadNumbered(string folder, string prefix)
    {
        try
        {
            return new(Directory.EnumerateFileSystemEntries(Resolve(folder), prefix + "*")
                .Select(entry => int.TryParse(Path.GetFileName(entry).AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
                .Where(number => number >= 0));
        }
        catch (Exception e) when (IsExpected(e))
        {
            return IndexSet.Empty;
        }
    }

    private string Resolve(string path) => Path.Join(root, path);

    private static bool IsExpected(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
