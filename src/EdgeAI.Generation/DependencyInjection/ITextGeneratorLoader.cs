namespace EdgeAI.Generation;

/// <summary>Loads model folders: the seam between registration and decoding.</summary>
internal interface ITextGeneratorLoader
{
    /// <summary>Loads a folder; the caller disposes the result.</summary>
    ValueTask<ITextGenerator> LoadAsync(string folder, TextGeneratorOptions options, CancellationToken cancellationToken);
}
