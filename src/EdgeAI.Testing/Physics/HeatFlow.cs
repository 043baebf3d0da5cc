namespace EdgeAI.Testing;

/// <summary>How a device warms up and what it does about it.</summary>
/// <param name="HeatCapacity">Joules for one degree.</param>
/// <param name="Conductance">Watts to the surroundings for each degree above them.</param>
/// <param name="Limit">Degrees Celsius from which on it is throttled; <see langword="null"/>: never.</param>
/// <param name="Recovery">Degrees Celsius at which it is throttled no longer; below the limit.</param>
/// <param name="ThrottledSpeed">Speed while throttled, as a share of full speed.</param>
internal sealed record HeatFlow(double HeatCapacity, double Conductance, double? Limit, double Recovery, double ThrottledSpeed)
{
    /// <summary>The time in which a difference of temperature shrinks to 1/e of itself, in seconds.</summary>
    public double TimeConstant => HeatCapacity / Conductance;
}
