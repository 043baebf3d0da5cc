using Microsoft.Extensions.Hosting;

namespace EdgeAI.Generation;

/// <summary>With a generic host: loads the models that ask for warm-up before the host has started, and fails its start if one cannot be loaded.</summary>
internal sealed class GenerationWarmUpService(IServiceProvider services, IEnumerable<WarmUpRegistration> models) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var model in models.Where(model => model.IsWanted(services))) await model.LoadAsync(services, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
