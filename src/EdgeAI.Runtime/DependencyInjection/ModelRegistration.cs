namespace EdgeAI.DependencyInjection;

/// <summary>Notes that a model is registered, for those who go through all of them.</summary>
internal sealed record ModelRegistration(string Key);
