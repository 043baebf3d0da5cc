namespace EdgeAI.Benchmarks.Serving;

/// <summary>A client's request, filled once and sent again and again, as a client that minds allocations would. Not thread-safe.</summary>
internal sealed class ClientRequest : IDisposable
{
    private readonly Sample _sample;
    private readonly InferenceRequest _request;

    public ClientRequest(Sample sample, TimeSpan? deadline = null)
    {
        _sample = sample;
        _request = new InferenceRequest { Deadline = deadline };
        foreach (var input in sample.Inputs) _request[input.Name] = input.ToTensor();
    }

    /// <summary>Sends it. Requests may be sent while others of it are under way.</summary>
    /// <param name="model">Who answers.</param>
    /// <param name="check">Whether the answer is compared with the expected one.</param>
    public async Task<(InferenceTimings Timings, RoutingRecord Routing)> RunAsync(IModelHandle model, bool check)
    {
        using var response = await model.RunAsync(_request).ConfigureAwait(false);
        if (check) _sample.Check(response);
        return (response.Timings, response.Routing);
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in _request.Inputs) tensor.Dispose();
    }
}
