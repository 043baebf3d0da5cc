namespace EdgeAI.Testing;

/// <summary>What a simulated device does wrong.</summary>
public enum SimulatedFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It throws <see cref="DeviceFaultException"/> after the run's latency; the next run is sound.</summary>
    DeviceFault,

    /// <summary>It throws <see cref="DeviceFaultException"/> caused by an <see cref="OutOfMemoryException"/>.</summary>
    OutOfMemory,

    /// <summary>It stops until <see cref="SimulatedFaults.ReleaseHung"/> or until the run is cancelled; once released it goes on as if nothing had been.</summary>
    Hang,

    /// <summary>It stops until <see cref="SimulatedFaults.ReleaseHung"/> and is deaf to cancellation, as hung hardware is.</summary>
    Stuck,

    /// <summary>
    /// Every output that the session allocates is one row longer than it should be (a scalar becomes two elements).
    /// Where the caller bound the output the run throws <see cref="DeviceFaultException"/>, for it cannot be written. Not at opening.
    /// </summary>
    WrongLength,

    /// <summary>Outputs of the right shape hold random bytes, the same for the same seed and run; strings are empty. Not at opening.</summary>
    Garbage,

    /// <summary>The device is gone: this and every later call throws <see cref="DeviceFaultException"/>, and its health is <see cref="DeviceHealth.Failed"/>.</summary>
    Lost,

    /// <summary>The run takes <see cref="SimulatedFaults.SlowFactor"/> times as long. Not at opening.</summary>
    Slow,
}
