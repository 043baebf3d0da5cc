namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>The files that a search may look at; tests replace it. Never throws.</summary>
internal interface IFileView
{
    bool FileExists(string path);

    bool FolderExists(string path);

    /// <summary>Whether the library can be registered with ONNX Runtime at run time; its namesake of the GPU build cannot.</summary>
    bool IsPlugin(string path);
}
