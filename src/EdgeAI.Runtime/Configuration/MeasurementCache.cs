namespace EdgeAI;

/// <summary>What is done with the folder that keeps measurements from one start to the next.</summary>
public enum MeasurementCache
{
    /// <summary>Earlier measurements are used and new ones kept.</summary>
    ReadWrite,

    /// <summary>Earlier measurements are used; nothing is written.</summary>
    ReadOnly,

    /// <summary>The folder is not touched.</summary>
    Off,
}
