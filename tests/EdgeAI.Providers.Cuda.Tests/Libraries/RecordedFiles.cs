using EdgeAI.Providers.Cuda.Libraries;

namespace EdgeAI.Providers.Cuda.Tests.Libraries;

/// <summary>Files that a test says are there; those that end in <c>!</c> are plugins.</summary>
internal sealed class RecordedFiles(params IReadOnlyList<string> files) : IFileView
{
    public bool FileExists(string path) => files.Contains(path) || files.Contains(path + "!");

    public bool FolderExists(string path) => files.Any(file => file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    public bool IsPlugin(string path) => files.Contains(path + "!");
}
