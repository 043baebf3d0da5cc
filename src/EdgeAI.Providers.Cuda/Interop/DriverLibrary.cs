using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>A driver's library, loaded on demand and kept until the process ends. Thread-safe.</summary>
internal sealed class DriverLibrary
{
    private readonly nint _handle;
    private readonly ConcurrentDictionary<string, nint> _exports = new(StringComparer.Ordinal);

    private DriverLibrary(nint handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    /// <summary>The name by which the system found it.</summary>
    public string Path { get; }

    /// <summary>Loads the first of these that can be loaded.</summary>
    /// <param name="candidates">File names, searched for as the system does, or absolute paths.</param>
    /// <param name="error">What the loader said of the first, which is the usual place; empty where the library was loaded.</param>
    public static DriverLibrary? TryLoad(IReadOnlyList<string> candidates, out string error)
    {
        error = "";
        foreach (var candidate in candidates)
        {
            try
            {
                var library = new DriverLibrary(NativeLibrary.Load(candidate), candidate);
                error = "";
                return library;
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                if (error.Length == 0) error = LastLine(e.Message);
            }
        }

        return null;
    }

    /// <summary>The address of a function; 0 where this version of the library lacks it.</summary>
    public nint Find(string export) => _exports.GetOrAdd(export, static (name, handle) => NativeLibrary.TryGetExport(handle, name, out var address) ? address : 0, _handle);

    // .NET lists every name that it tried, and advice on how to trace the loader; the loader's own words come last.
    private static string LastLine(string message) => message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
}
