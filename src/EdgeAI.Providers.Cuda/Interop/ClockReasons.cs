namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>Why the clocks are what they are: <c>nvmlClocksEventReasons</c> of nvml.h (<c>nvmlClocksThrottleReasons</c> in older drivers, same bits).</summary>
[Flags]
internal enum ClockReasons : ulong
{
    None = 0,
    GpuIdle = 0x1,
    ApplicationClocks = 0x2,
    PowerCap = 0x4,
    HardwareSlowdown = 0x8,
    SyncBoost = 0x10,
    SoftwareThermal = 0x20,
    HardwareThermal = 0x40,
    PowerBrake = 0x80,
    DisplayClocks = 0x100,

    /// <summary>Those that mean "slower than it could be, because of heat or power". Clocks set by a user, and idling, do not.</summary>
    Throttled = PowerCap | HardwareSlowdown | SoftwareThermal | HardwareThermal | PowerBrake,
}
