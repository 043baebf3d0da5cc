namespace EdgeAI.Tests;

/// <summary>A folder that goes with the test. Compiled into every test project.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("edgeai-test-").FullName;

    /// <summary>The files below, by relative path.</summary>
    public string[] FileNames => [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Select(file => System.IO.Path.GetRelativePath(Path, file)).Order(StringComparer.Ordinal)];

    /// <summary>A path inside; folders on the way are created.</summary>
    public string PathOf(string name)
    {
        var path = System.IO.Path.Join(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Writes a file and tells its path.</summary>
    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    /// <summary>Writes a file of text.</summary>
    public TemporaryFolder With(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return this;
    }

    public void Dispose()
    {
        // Some tests remove it themselves.
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
