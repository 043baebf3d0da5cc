using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Integration.Tests;

/// <summary>An engine on this machine's CPU.</summary>
internal sealed class CpuHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public CpuHost()
    {
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
        _services = services.BuildServiceProvider();
        Engine = _services.GetRequiredService<IInferenceEngine>();
    }

    public IInferenceEngine Engine { get; }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
