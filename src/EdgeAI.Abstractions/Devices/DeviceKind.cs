namespace EdgeAI;

/// <summary>
/// What sort of hardware a device is: an open set, because new hardware arrives as packages. Compared ignoring case.
/// </summary>
/// <param name="Name">Lower-case name, such as <c>cpu</c>.</param>
public readonly record struct DeviceKind(string Name)
{
    /// <summary>A central processor.</summary>
    public static DeviceKind Cpu { get; } = new("cpu");

    /// <summary>A graphics processor.</summary>
    public static DeviceKind Gpu { get; } = new("gpu");

    /// <summary>A neural accelerator.</summary>
    public static DeviceKind Npu { get; } = new("npu");

    /// <inheritdoc/>
    public bool Equals(DeviceKind other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => Name is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <summary>The name.</summary>
    public override string ToString() => Name ?? "unknown";
}
