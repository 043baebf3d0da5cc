namespace EdgeAI.Cli.Output;

/// <summary>A conversation of <c>edgeai chat</c>.</summary>
/// <param name="Model">The model.</param>
/// <param name="System">What the model was told before; <see langword="null"/> for nothing.</param>
/// <param name="Turns">Questions and answers, in order.</param>
internal sealed record ChatReport(string Model, string? System, IReadOnlyList<TurnReport> Turns);
