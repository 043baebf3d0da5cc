namespace EdgeAI;

/// <summary>Whether requests of a model may share a run. Immutable; ask a loaded model's handle for it with <see cref="IModelHandle.GetService"/>.</summary>
/// <param name="IsPossible">Whether they may.</param>
/// <param name="Reason">Why, or why not, in a few words.</param>
public sealed record ModelBatching(bool IsPossible, string Reason);
