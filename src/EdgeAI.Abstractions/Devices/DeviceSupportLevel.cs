namespace EdgeAI.Devices;

/// <summary>How much of a model a device can run.</summary>
public enum DeviceSupportLevel
{
    /// <summary>None of it.</summary>
    None,

    /// <summary>Some of it; the rest runs elsewhere.</summary>
    Partial,

    /// <summary>All of it.</summary>
    Full,
}
