using System.Text.Json.Nodes;
using EdgeAI.Devices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAI.Generation.Tests;

/// <summary>A trained model of 260 thousand weights, built into a folder of its own, and an engine on this machine's CPU.</summary>
internal sealed class TinyLlama : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServiceProvider _services;

    private TinyLlama(TemporaryFolder folder)
    {
        _folder = folder;
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
        _services = services.BuildServiceProvider();
    }

    public string Path => _folder.PathOf("model");

    public IServiceProvider Services => _services;

    /// <summary>What the reference implementation generates after token 1.</summary>
    public static int[] GoldenTokens() =>
        [.. JsonNode.Parse(File.ReadAllBytes(SharedData.Require("models/llama-260k/golden.json")))!["tokens"]!.AsArray().Select(token => (int)token!)];

    /// <summary>Builds the model; ends the test as inconclusive where its weights are not there.</summary>
    public static async Task<TinyLlama> BuildAsync(ModelPrecision precision = ModelPrecision.Float32, KeyValueCacheType cache = KeyValueCacheType.Float32)
    {
        var source = SharedData.Require("models/llama-260k");
        var folder = new TemporaryFolder();
        await ModelBuilder.BuildAsync(source, System.IO.Path.Join(folder.Path, "model"), new ModelBuildOptions { Precision = precision, KeyValueCache = cache, Threads = 1 });
        return new TinyLlama(folder);
    }

    /// <summary>Builds any model.</summary>
    public static async Task<TinyLlama> BuildAsync(ICheckpoint source)
    {
        var folder = new TemporaryFolder();
        await ModelBuilder.BuildAsync(source, System.IO.Path.Join(folder.Path, "model"), new ModelBuildOptions { Precision = ModelPrecision.Float32, Threads = 1 }, null, TimeProvider.System, CancellationToken.None);
        return new TinyLlama(folder);
    }

    public async Task<TextGenerator> LoadAsync(TextGeneratorOptions? options = null)
    {
        var factory = new TextGeneratorFactory(_services.GetRequiredService<IDeviceBroker>(), _services.GetServices<IDeviceProvider>(), TimeProvider.System, NullLoggerFactory.Instance);
        return (TextGenerator)await factory.LoadAsync(Path, options);
    }

    /// <summary>The decoder alone.</summary>
    public async Task<OnnxDecoder> OpenDecoderAsync(int slots, int capacity, int maxChunk = 64)
    {
        var found = await _services.GetServices<IDeviceProvider>().Single().DiscoverAsync();
        using var folder = DecoderFolder.Open(Path);
        var session = await found.Devices[0].OpenSessionAsync(folder.Model, new DeviceSessionOptions { Threads = 1 });
        return new OnnxDecoder(session, folder.Configuration, folder.Layout, slots, capacity, maxChunk, maxLogits: 5);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
