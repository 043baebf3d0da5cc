namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>The device's primary context, current on this thread until disposed. It is the one that the CUDA runtime, and so ONNX Runtime, uses.</summary>
internal sealed class CudaContext : IDisposable
{
    private readonly ICudaDriver _driver;
    private readonly int _device;

    private CudaContext(ICudaDriver driver, int device)
    {
        _driver = driver;
        _device = device;
    }

    /// <summary>Enters the context; <see langword="null"/> and the result where the driver refuses. Dispose it on the same thread.</summary>
    public static CudaContext? TryEnter(ICudaDriver driver, int device, out int code)
    {
        var context = driver.RetainPrimaryContext(device);
        code = context.Code;
        if (!context.IsOk) return null;
        code = driver.PushContext(context.Value);
        if (code == 0) return new CudaContext(driver, device);
        driver.ReleasePrimaryContext(device);
        return null;
    }

    public void Dispose()
    {
        _driver.PopContext();
        _driver.ReleasePrimaryContext(_device);
    }
}
