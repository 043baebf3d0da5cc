using System.Runtime.InteropServices;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>Waits of less than a millisecond, which timers of .NET cannot make. On Linux the kernel wakes the thread some 50 us late; elsewhere the thread yields over and over.</summary>
internal static partial class ShortSleep
{
    /// <summary>Blocks for about that long, or less: the caller looks at the clock and calls again.</summary>
    public static void For(TimeSpan time)
    {
        if (OperatingSystem.IsLinux()) _ = Sleep(new TimeSpec((nint)time.TotalSeconds, (nint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick)), 0);
        else Thread.Yield();
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(in TimeSpec time, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(nint Seconds, nint Nanoseconds);
}
