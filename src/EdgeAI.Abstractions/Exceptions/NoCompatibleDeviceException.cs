namespace EdgeAI;

/// <summary>No device can take the model.</summary>
public sealed class NoCompatibleDeviceException : EdgeAIException
{
    /// <summary>Creates an error.</summary>
    /// <param name="modelId">The model.</param>
    /// <param name="reasons">One reason for each device that declined, and for each provider that found no device.</param>
    /// <param name="innerException">The cause.</param>
    public NoCompatibleDeviceException(string modelId, IReadOnlyList<DeviceRefusal> reasons, Exception? innerException = null)
        : base(Describe(modelId, reasons), innerException)
    {
        ModelId = modelId;
        Reasons = [.. reasons];
    }

    /// <summary>The model.</summary>
    public string ModelId { get; }

    /// <summary>One reason for each device.</summary>
    public IReadOnlyList<DeviceRefusal> Reasons { get; }

    /// <inheritdoc/>
    public override bool IsTransient => false;

    private static string Describe(string modelId, IReadOnlyList<DeviceRefusal> reasons)
    {
        ArgumentNullException.ThrowIfNull(reasons);
        return reasons.Count == 0
            ? $"{modelId}: no device is registered; add a provider package and call AddCpu() or another Add method after AddEdgeAI()."
            : $"{modelId}: no device can take the model. {string.Join("; ", reasons.Select(r => $"{r.Device}: {r.Reason}"))}.";
    }
}
