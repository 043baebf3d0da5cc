using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>An engine with one model, set up as a user's would be; only the user's folder of measurements is left alone. Owns both.</summary>
internal sealed class EngineServer : IServer, IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private EngineServer(ServiceProvider services, IModelHandle model, Sample[] samples)
    {
        _services = services;
        Model = model;
        Samples = samples;
    }

    public IModelHandle Model { get; }

    /// <summary>What clients ask; the client of an index asks the sample of that index, round and round.</summary>
    public Sample[] Samples { get; }

    public ModelPlan Plan => ((IPlanTuning)Model.GetService(typeof(IPlanTuning))!).Plan;

    public ModelBatching Batching => (ModelBatching)Model.GetService(typeof(ModelBatching))!;

    /// <summary>Loads the model and waits until its plan is settled, answering one request first: a model of dynamic shapes is measured by those it sees.</summary>
    public static async Task<EngineServer> StartAsync(ServedModel model, Sample[] samples, Action<ModelOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
        var options = new ModelOptions();
        foreach (var (name, axis) in model.DeclaredAxes) options.BatchAxes[name] = axis;
        configure?.Invoke(options);
        return await StartAsync(services, ModelSource.FromBytes(model.Bytes, model.Name), options, samples);
    }

    /// <summary>The same over other devices.</summary>
    public static async Task<EngineServer> StartAsync(ServiceCollection services, ModelSource source, ModelOptions options, Sample[] samples)
    {
        var provider = services.BuildServiceProvider();
        var server = new EngineServer(provider, await provider.GetRequiredService<IInferenceEngine>().LoadModelAsync(source, options), samples);
        using (var request = new ClientRequest(samples[0])) await request.RunAsync(server.Model, check: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await ((IPlanTuning)server.Model.GetService(typeof(IPlanTuning))!).WaitUntilSettledAsync(patience.Token);
        return server;
    }

    public IClient CreateClient(int index) => new Client(this, new ClientRequest(Samples[index % Samples.Length]));

    public async ValueTask DisposeAsync()
    {
        await Model.DisposeAsync();
        await _services.DisposeAsync();
    }

    private sealed class Client(EngineServer server, ClientRequest request) : IClient
    {
        public async Task<Answered> AskAsync(bool check)
        {
            var (timings, routing) = await request.RunAsync(server.Model, check).ConfigureAwait(false);
            return new Answered(timings.BatchSize, routing);
        }

        public void Dispose() => request.Dispose();
    }
}
