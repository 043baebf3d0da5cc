namespace EdgeAI.Requests;

/// <summary>A copy of a request whose tensors are retained, for the time until its model is loaded: the caller may reuse its own object.</summary>
internal sealed class HeldRequest : IDisposable
{
    public HeldRequest(InferenceRequest request)
    {
        Request = new InferenceRequest
        {
            OutputNames = request.OutputNames is null ? null : [.. request.OutputNames],
            Priority = request.Priority,
            DeviceId = request.DeviceId,
            Deadline = request.Deadline,
            AllowBatching = request.AllowBatching,
            OrderKey = request.OrderKey,
        };
        foreach (var (name, tensor) in request.Inputs)
        {
            tensor.Retain();
            Request[name] = tensor;
        }

        foreach (var (name, tensor) in request.Outputs)
        {
            tensor.Retain();
            Request.SetOutput(name, tensor);
        }
    }

    public InferenceRequest Request { get; }

    public void Dispose()
    {
        foreach (var (_, tensor) in Request.Inputs) tensor.Release();
        foreach (var (_, tensor) in Request.Outputs) tensor.Release();
    }
}
