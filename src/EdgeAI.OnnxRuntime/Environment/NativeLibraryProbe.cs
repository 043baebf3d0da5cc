using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>Loads the native library by hand: the managed package's own attempt fails once and for all, and does not say which version it met.</summary>
internal static unsafe class NativeLibraryProbe
{
    public const string LibraryName = "onnxruntime";

    public static string Platform => RuntimeInformation.RuntimeIdentifier;

    public static NativeLibraryFinding Find()
    {
        try
        {
            var library = NativeLibrary.Load(LibraryName, typeof(OrtEnv).Assembly, searchPath: null);
            var apiBase = ((delegate* unmanaged<OrtApiBase*>)NativeLibrary.GetExport(library, "OrtGetApiBase"))();
            var version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)apiBase->GetVersionString)());
            return new(version, FindPath(), Error: null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            return new(Version: null, Path: null, FirstSentence(e.Message));
        }
    }

    private static string? FindPath()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            return process.Modules.Cast<ProcessModule>()
                .FirstOrDefault(m => Path.GetFileNameWithoutExtension(m.ModuleName) is LibraryName or $"lib{LibraryName}")?.FileName;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    // The rest advises how to trace the loader.
    private static string FirstSentence(string message) => message.Split([". ", "\n", "\r"], 2, StringSplitOptions.None)[0].TrimEnd('.');
}
