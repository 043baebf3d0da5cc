namespace EdgeAI;

/// <summary>A model that answers requests. Safe for concurrent calls. Disposing it drops the caller's reference to the loaded model.</summary>
public interface IModelHandle : IAsyncDisposable
{
    /// <summary>Inputs and outputs.</summary>
    ModelSignature Signature { get; }

    /// <summary>Queues a request and completes with its answer. Never blocks.</summary>
    /// <param name="request">Inputs and wishes; read before the call returns, so the object may be reused at once. The tensors' contents must stay unchanged until completion.</param>
    /// <param name="cancellationToken">Gives the request up, queued or running; other requests are unharmed.</param>
    /// <returns>The answer, which the caller disposes.</returns>
    /// <exception cref="InvalidInputException">The inputs do not fit the signature: lists every problem.</exception>
    /// <exception cref="RequestRejectedException">The queue is full, a deadline passed, or the model is shutting down.</exception>
    /// <exception cref="DeviceFaultException">The device failed and no other could take over.</exception>
    /// <exception cref="OperationCanceledException">The <paramref name="cancellationToken"/> was cancelled.</exception>
    Task<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default);

    /// <summary>An optional capability, such as the underlying session; <see langword="null"/> where it is not offered.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Distinguishes several of one type.</param>
    object? GetService(Type serviceType, object? serviceKey = null);
}
