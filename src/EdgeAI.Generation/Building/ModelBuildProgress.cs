namespace EdgeAI.Generation;

/// <summary>How far a build is.</summary>
/// <param name="DoneParameters">Weights written so far.</param>
/// <param name="TotalParameters">Weights to be written altogether.</param>
public readonly record struct ModelBuildProgress(long DoneParameters, long TotalParameters);
