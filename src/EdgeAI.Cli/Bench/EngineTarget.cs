namespace EdgeAI.Cli.Bench;

/// <summary>The engine, as a host would use it: the tensors stay, the request is filled for each query.</summary>
internal sealed class EngineTarget(IModelHandle model, IReadOnlyList<KeyValuePair<string, TensorValue>> inputs, bool allowBatching, TimeSpan? deadline) : IQueryTarget
{
    public bool IsBlocking => false;

    public async ValueTask<QueryResult> QueryAsync()
    {
        var request = new InferenceRequest { AllowBatching = allowBatching, Deadline = deadline };
        foreach (var (name, tensor) in inputs) request[name] = tensor;
        try
        {
            using var response = await model.RunAsync(request).ConfigureAwait(false);
            return new QueryResult(response.Timings.DeviceId, response.Timings.BatchSize);
        }
        catch (Exception error)
        {
            return new QueryResult(null, 0, error);
        }
    }
}
