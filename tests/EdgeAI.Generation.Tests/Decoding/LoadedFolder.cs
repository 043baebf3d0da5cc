using EdgeAI.Devices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAI.Generation.Tests;

/// <summary>A model folder loaded on this machine's CPU, and the services that it needs.</summary>
internal sealed class LoadedFolder : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private LoadedFolder(ServiceProvider services, ITextGenerator generator)
    {
        _services = services;
        Generator = generator;
    }

    public ITextGenerator Generator { get; }

    public static async Task<LoadedFolder> OpenAsync(string folder, TextGeneratorOptions? options = null)
    {
        var collection = new ServiceCollection();
        collection.AddEdgeAI(edge => edge.Cache = MeasurementCache.Off).AddCpu();
        var services = collection.BuildServiceProvider();
        var factory = new TextGeneratorFactory(services.GetRequiredService<IDeviceBroker>(), services.GetServices<IDeviceProvider>(), TimeProvider.System, NullLoggerFactory.Instance);
        try
        {
            return new LoadedFolder(services, await factory.LoadAsync(folder, options));
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>All tokens of an answer.</summary>
    public async Task<int[]> GenerateAsync(int[] prompt, int count, bool ignoreEnd = true)
    {
        var tokens = new List<int>();
        await foreach (var token in Generator.Generate(new GenerationRequest(prompt) { Options = new() { MaxTokens = count, IgnoreEndTokens = ignoreEnd, Speculate = true } })) tokens.Add(token.Id);
        return [.. tokens];
    }

    public async ValueTask DisposeAsync()
    {
        await Generator.DisposeAsync();
        await _services.DisposeAsync();
    }
}
