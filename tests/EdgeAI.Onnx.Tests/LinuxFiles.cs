using System.Runtime.InteropServices;

namespace EdgeAI.Onnx.Tests;

internal static partial class LinuxFiles
{
    /// <summary>A named pipe: opening it for reading blocks until somebody writes.</summary>
    public static void CreatePipe(string path) => Assert.AreEqual(0, MakePipe(path, Convert.ToUInt32("600", 8)));

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
