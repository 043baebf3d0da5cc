using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Sessions;

/// <summary>A stream of our own: for a priority that ONNX Runtime's streams do not have, or for copies. Lives until disposed, and its context with it.</summary>
internal sealed class CudaStream : IDisposable
{
    private readonly ICudaDriver _driver;
    private readonly int _device;
    private nint _stream;

    private CudaStream(ICudaDriver driver, int device, nint stream)
    {
        _driver = driver;
        _device = device;
        _stream = stream;
    }

    /// <summary>The <c>CUstream</c>, which is a <c>cudaStream_t</c> too.</summary>
    public nint Handle => _stream;

    /// <summary>Creates a stream.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="device">The driver's device.</param>
    /// <param name="priority">Its priority; by default 0, which is the least that the driver knows.</param>
    /// <param name="code">The driver's result; 0 with a stream.</param>
    public static CudaStream? TryCreate(ICudaDriver driver, int device, CudaStreamPriority priority, out int code)
    {
        // Held until the stream is gone: without its context it would be nothing.
        code = driver.RetainPrimaryContext(device).Code;
        if (code != 0) return null;
        using (var context = CudaContext.TryEnter(driver, device, out code))
        {
            if (context is not null && driver.GetStreamPriorityRange() is var range)
            {
                code = range.Code;
                if (range.IsOk && driver.CreateStream(priority switch { CudaStreamPriority.Highest => range.Value.Greatest, CudaStreamPriority.Lowest => range.Value.Least, _ => 0 }) is var stream)
                {
                    code = stream.Code;
                    if (stream.IsOk) return new CudaStream(driver, device, stream.Value);
                }
            }
        }

        driver.ReleasePrimaryContext(device);
        return null;
    }

    public void Dispose()
    {
        var stream = Interlocked.Exchange(ref _stream, 0);
        if (stream == 0) return;
        using (CudaContext.TryEnter(_driver, _device, out _)) _driver.DestroyStream(stream);
        _driver.ReleasePrimaryContext(_device);
    }
}
