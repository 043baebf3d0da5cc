using System.Runtime.InteropServices;

namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>Loads a library by hand, for the loader's own words on why it does not load.</summary>
internal static class LoadTrial
{
    /// <summary>The loader's words; <see langword="null"/> where the library loads, which leaves it loaded.</summary>
    public static string? FindProblem(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message;
        }
    }
}
