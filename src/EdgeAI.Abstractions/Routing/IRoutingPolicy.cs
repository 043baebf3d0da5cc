namespace EdgeAI;

/// <summary>
/// Decides which device runs the most urgent request that waits. Called for each batch while two or more devices can take it, under the model's lock: it has to be quick, must not block,
/// and needs no lock of its own unless the same instance keeps state for several models. A policy that throws is replaced by <c>earliest-finish</c> for that decision.
/// </summary>
public interface IRoutingPolicy
{
    /// <summary>The name by which <see cref="ModelOptions.RoutingPolicy"/> asks for it.</summary>
    string Name { get; }

    /// <summary>Chooses a device.</summary>
    /// <param name="options">The devices that may take the request, two or more: healthy ones where there are any.</param>
    /// <param name="query">What is asked.</param>
    /// <returns>An index into <paramref name="options"/>. Where that device is busy, the request waits for it and the question is asked again when anything changes.</returns>
    int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query);
}
