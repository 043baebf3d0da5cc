namespace EdgeAI.Generation;

/// <summary>Loads by the factory.</summary>
internal sealed class FactoryLoader(TextGeneratorFactory factory) : ITextGeneratorLoader
{
    public ValueTask<ITextGenerator> LoadAsync(string folder, TextGeneratorOptions options, CancellationToken cancellationToken) => factory.LoadAsync(folder, options, cancellationToken);
}
