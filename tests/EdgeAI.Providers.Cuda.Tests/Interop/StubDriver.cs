using System.Runtime.InteropServices;
using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Tests.Interop;

/// <summary>The two driver libraries, compiled from <c>driver_stub.c</c> once a run. Tests that use it do not run side by side: it has one state.</summary>
internal static unsafe class StubDriver
{
    public const int Init = 0, Count = 1, Memory = 2, Query = 3, Version = 4, Modern = 5, Reasons = 6, Integrated = 7, Active = 8, Alloc = 9, Sync = 10;

    private static readonly Lazy<(string? Folder, string? Problem)> _built = new(Build);

    /// <summary>The folder with both libraries, in their initial state; ends the test as inconclusive where they cannot be compiled.</summary>
    public static string Require()
    {
        if (_built.Value.Folder is not { } folder)
        {
            Assert.Inconclusive($"needs a C compiler: {_built.Value.Problem}");
            return "";
        }

        foreach (var library in Libraries(folder)) ((delegate* unmanaged<void>)library.Find("stub_reset"))();
        return folder;
    }

    /// <summary>Changes an answer of both libraries.</summary>
    public static void Set(int setting, int value)
    {
        foreach (var library in Libraries(Folder)) ((delegate* unmanaged<int, int, void>)library.Find("stub_set"))(setting, value);
    }

    /// <summary>The folder, in whatever state a test has set.</summary>
    public static string Folder => _built.Value.Folder!;

    public static int Get(int what) => ((delegate* unmanaged<int, int>)Cuda.Find("stub_get"))(what);

    public static DriverLibrary Cuda => Libraries(Folder)[0];

    public static DriverLibrary Nvml => Libraries(Folder)[1];

    private static DriverLibrary[] Libraries(string folder) =>
        [DriverLibrary.TryLoad(DriverLibraryNames.Cuda(folder), out _)!, DriverLibrary.TryLoad(DriverLibraryNames.Nvml(folder), out _)!];

    private static (string? Folder, string? Problem) Build()
    {
        if (!OperatingSystem.IsLinux()) return (null, $"the stub is built on Linux only, not on {RuntimeInformation.OSDescription}");
        var folder = Directory.CreateTempSubdirectory("edgeai-stub-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var problem = Compile("STUB_CUDA", Path.Join(folder, "libcuda.so.1")) ?? Compile("STUB_NVML", Path.Join(folder, "libnvidia-ml.so.1"));
        return problem is null ? (folder, null) : (null, problem);
    }

    private static string? Compile(string define, string output) => CCompiler.Compile(Path.Join(AppContext.BaseDirectory, "Interop", "driver_stub.c"), output, $"-D{define}");
}
