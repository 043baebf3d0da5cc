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

    /// <summary>Sends it; it may be sent again before the answer is there.</summary>
    public Task<InferenceResponse> SendAsync(IModelHandle model) => model.RunAsync(_request);

    /// <summary>Sends it and takes the answer.</summary>
    /// <param name="model">Who answers.</param>
    /// <param name="check">Whether the answer is compared with the expected one.</param>
    /// <exception cref="WrongAnswerException">It was not that one.</exception>
    public async Task<(InferenceTimings Timings, RoutingRecord Routing)> RunAsync(IModelHandle model, bool check)
    {
        using var response = await SendAsync(model).ConfigureAwait(false);
        if (check) Check(response);
        return (response.Timings, response.Routing);
    }

    /// <summary>Compares an answer with the expected one.</summary>
    /// <exception cref="WrongAnswerException">It was not that one.</exception>
    public void Check(InferenceResponse response) => _sample.Check(response);

    public void Dispose()
    {
        foreach (var (_, tensor) in _request.Inputs) tensor.Dispose();
    }
}
