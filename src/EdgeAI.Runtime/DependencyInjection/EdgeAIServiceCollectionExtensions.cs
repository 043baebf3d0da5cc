using EdgeAI;
using EdgeAI.Batching.Policies;
using EdgeAI.Configuration;
using EdgeAI.DependencyInjection;
using EdgeAI.Engine;
using EdgeAI.Evaluation;
using EdgeAI.Routing.Policies;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the engine.</summary>
public static class EdgeAIServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IInferenceEngine"/>, <see cref="IDeviceBroker"/>, <see cref="IDeviceEvaluator"/>, <see cref="ILatencyPredictor"/> and <see cref="IRoutingExplainer"/>. Add at least one kind of hardware to the result, such as <c>AddCpu()</c>.
    /// Calling it again is harmless and adds to the options.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> keeps the defaults, which need no tuning.</param>
    public static EdgeAIBuilder AddEdgeAI(this IServiceCollection services, Action<EdgeAIOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<EdgeAIOptions>().ValidateOnStart();
        if (configure is not null) services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EdgeAIOptions>, EdgeAIOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>());
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IBatchingPolicy, GreedyPolicy>(),
            ServiceDescriptor.Singleton<IBatchingPolicy, FixedWaitPolicy>(),
            ServiceDescriptor.Singleton<IBatchingPolicy, LearnedWaitPolicy>(),
            ServiceDescriptor.Singleton<IRoutingPolicy, EarliestFinishPolicy>(),
            ServiceDescriptor.Singleton<IRoutingPolicy, LeastLoadedPolicy>(),
            ServiceDescriptor.Singleton<IRoutingPolicy, EfficiencyPolicy>(),
            ServiceDescriptor.Singleton<IRoutingPolicy, RoundRobinPolicy>(),
        ]);
        services.TryAddSingleton(static provider => new InferenceEngine(
            provider.GetServices<EdgeAI.Devices.IDeviceProvider>(),
            provider.GetServices<IBatchingPolicy>(),
            provider.GetServices<IRoutingPolicy>(),
            provider.GetRequiredService<IOptions<EdgeAIOptions>>(),
            provider.GetService<TimeProvider>(),
            provider.GetService<Logging.ILoggerFactory>(),
            provider.GetService<System.Diagnostics.Metrics.IMeterFactory>()));
        services.TryAddSingleton<IInferenceEngine>(static provider => provider.GetRequiredService<InferenceEngine>());
        services.TryAddSingleton<IDeviceBroker>(static provider => provider.GetRequiredService<InferenceEngine>().Broker);
        services.TryAddSingleton<ILatencyPredictor, LatencyPredictor>();
        services.TryAddSingleton<IDeviceEvaluator>(static provider => provider.GetRequiredService<InferenceEngine>().Evaluator);
        services.TryAddSingleton<IRoutingExplainer>(static provider => provider.GetRequiredService<InferenceEngine>().Explainer);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ModelWarmUpService>());
        return new EdgeAIBuilder(services);
    }
}
