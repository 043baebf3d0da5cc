namespace EdgeAI.Generation;

/// <summary>Notes that a model may be loaded when a host starts.</summary>
/// <param name="IsWanted">Whether its options ask for that.</param>
/// <param name="LoadAsync">Loads it.</param>
internal sealed record WarmUpRegistration(Func<IServiceProvider, bool> IsWanted, Func<IServiceProvider, CancellationToken, Task> LoadAsync);
