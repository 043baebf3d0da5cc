using System.Runtime.InteropServices;

namespace EdgeAI.Cli.Bench;

/// <summary>
/// Waits shorter than a timer of .NET can: those count whole milliseconds. On Linux and macOS the kernel wakes the thread, measured on 2 cores
/// 25 to 50 µs late and for 2 % of a core at 1000 waits a second; a sender that spins instead would take a core from what it measures, one of two
/// on a small machine. On Windows the thread yields over and over for the last 20 ms, the length of a timer's tick there.
/// </summary>
internal static partial class Nap
{
    // Longer waits are left to a timer until this much is left, and end when they are cancelled.
    private static readonly TimeSpan _long = TimeSpan.FromMilliseconds(20);

    /// <summary>Blocks for about that long, often for less: the caller looks at the clock and calls again.</summary>
    public static void For(TimeSpan time, CancellationToken cancellationToken)
    {
        if (time > 2 * _long) cancellationToken.WaitHandle.WaitOne(time - _long);
        else if (OperatingSystem.IsWindows()) Thread.Yield();
        else Sleep(new TimeSpec(0, (nint)(time.Ticks * TimeSpan.NanosecondsPerTick)), 0);
    }

    /// <summary>Has the kernel wake this thread at once instead of 50 µs later, its default for saving power.</summary>
    public static void Sharpen()
    {
        const int SetTimerSlack = 29;
        if (OperatingSystem.IsLinux()) _ = Control(SetTimerSlack, 1, 0, 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(in TimeSpec time, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(nint Seconds, nint Nanoseconds);
}
