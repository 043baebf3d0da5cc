using EdgeAI.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeAI.DependencyInjection;

/// <summary>With a generic host: loads the models that ask for warm-up before the host has started, and fails its start if one cannot be loaded.</summary>
internal sealed class ModelWarmUpService(IServiceProvider services, IEnumerable<ModelRegistration> models, IOptionsMonitor<ModelOptions> options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var model in models.Where(model => options.Get(model.Key).WarmUp))
        {
            var handle = (LazyModelHandle)services.GetRequiredKeyedService<IModelHandle>(model.Key);
            await handle.LoadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
