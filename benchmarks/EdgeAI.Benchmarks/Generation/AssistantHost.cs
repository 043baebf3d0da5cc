using EdgeAI.Benchmarks.Serving;
using EdgeAI.Devices;
using EdgeAI.Generation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAI.Benchmarks.Generation;

/// <summary>An engine on the CPU that loads the model folder of <c>--folder</c> with as many threads as <c>--threads</c> says, or as there are cores.</summary>
internal sealed class AssistantHost : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly TextGeneratorFactory _factory;

    private AssistantHost(ServiceProvider provider, string folder, IDevice device, int threads)
    {
        (_provider, Folder, Device, Threads) = (provider, folder, device, threads);
        _factory = new TextGeneratorFactory(provider.GetRequiredService<IDeviceBroker>(), provider.GetServices<IDeviceProvider>(), TimeProvider.System, NullLoggerFactory.Instance);
    }

    public IServiceProvider Services => _provider;

    public string Folder { get; }

    public IDevice Device { get; }

    public int Threads { get; }

    /// <exception cref="ArgumentException">No folder is named.</exception>
    public static async Task<AssistantHost> StartAsync(Arguments arguments)
    {
        var folder = arguments.Text("--folder") ?? throw new ArgumentException("--folder is missing: a model folder, as 'edgeai build' writes it.");
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
        var provider = services.BuildServiceProvider();
        var device = (await provider.GetRequiredService<IDeviceProvider>().DiscoverAsync()).Devices[0];
        return new AssistantHost(provider, folder, device, arguments.Count("--threads", device.Info.Parallelism ?? 1));
    }

    /// <summary>Loads the folder; the caller disposes the generator. The options' threads are set.</summary>
    public ValueTask<ITextGenerator> LoadAsync(TextGeneratorOptions options)
    {
        options.Threads = Threads;
        return _factory.LoadAsync(Folder, options);
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
