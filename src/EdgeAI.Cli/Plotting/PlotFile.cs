using EdgeAI.Cli.CommandLine;

namespace EdgeAI.Cli.Plotting;

/// <summary>
/// A picture that appears whole or not at all. Its temporary file is made first, so that a folder that cannot be written to is found before the
/// measuring and not after it. Disposing removes that file.
/// </summary>
internal sealed class PlotFile : IDisposable
{
    private readonly string _temporary;
    private readonly FileStream _stream;

    private PlotFile(string path)
    {
        Path = path;
        _temporary = $"{path}.{Environment.ProcessId}.tmp";
        _stream = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None);
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    public PlotFormat Format => FormatOf(Path)!.Value;

    /// <summary>The format that the name of a file asks for; <see langword="null"/> where it is none that can be drawn.</summary>
    public static PlotFormat? FormatOf(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".SVG" => PlotFormat.Svg,
        ".PNG" => PlotFormat.Png,
        _ => null,
    };

    /// <exception cref="ToolException">No file can be made there.</exception>
    public static PlotFile Create(string path)
    {
        try
        {
            return new PlotFile(System.IO.Path.GetFullPath(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, error);
        }
    }

    /// <summary>Fills the file and gives it its name; replaces what has that name.</summary>
    /// <exception cref="ToolException">The file cannot be written.</exception>
    public void Write(byte[] picture)
    {
        try
        {
            _stream.Write(picture);
            _stream.Flush(flushToDisk: true);
            _stream.Close();
            File.Move(_temporary, Path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(Path, error);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        File.Delete(_temporary);
    }

    private static ToolException CannotWrite(string path, Exception error) => new($"The plot '{path}' cannot be written: {error.Message}", error);
}
