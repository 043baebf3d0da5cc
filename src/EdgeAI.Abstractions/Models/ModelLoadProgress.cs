namespace EdgeAI;

/// <summary>A step of loading a model.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="Stage">What begins now.</param>
/// <param name="DeviceId">The device it concerns; <see langword="null"/> while the model is read.</param>
public readonly record struct ModelLoadProgress(string ModelId, ModelLoadStage Stage, string? DeviceId = null);
