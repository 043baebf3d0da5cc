namespace EdgeAI;

/// <summary>Where a model would run. Immutable.</summary>
/// <param name="Policy">The policy that decides among devices.</param>
/// <param name="Chosen">The device that it chooses; with a single one nobody is asked. <see langword="null"/> where no device can take the model.</param>
/// <param name="Candidates">Every device, in the order in which the model is offered to them.</param>
public sealed record RoutingExplanation(string Policy, string? Chosen, IReadOnlyList<ExplainedCandidate> Candidates);
