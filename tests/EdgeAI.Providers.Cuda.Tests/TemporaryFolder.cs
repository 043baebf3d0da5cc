namespace EdgeAI.Providers.Cuda.Tests;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("edgeai-").FullName;

    /// <summary>Writes a file below the folder.</summary>
    public TemporaryFolder With(string path, string text = "")
    {
        var full = System.IO.Path.Join(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    /// <summary>Makes a link below the folder.</summary>
    public TemporaryFolder WithLink(string path, string target)
    {
        var full = System.IO.Path.Join(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.CreateSymbolicLink(full, target);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
