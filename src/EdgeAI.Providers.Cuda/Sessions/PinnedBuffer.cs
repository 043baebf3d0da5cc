using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Sessions;

/// <summary>One page-locked block, freed with the last reference. It keeps the context that it belongs to.</summary>
internal sealed class PinnedBuffer : DeviceBuffer
{
    private readonly ICudaDriver _driver;
    private readonly int _device;
    private nint _address;

    private PinnedBuffer(ICudaDriver driver, int device, nint address, nuint byteLength)
        : base(byteLength, isHostAccessible: true)
    {
        _driver = driver;
        _device = device;
        _address = address;
    }

    public override nint Address => _address;

    /// <summary>Allocates a block; <see langword="null"/> where the driver refuses.</summary>
    public static PinnedBuffer? TryAllocate(ICudaDriver driver, int device, nuint byteLength)
    {
        if (!driver.RetainPrimaryContext(device).IsOk) return null;
        using (var context = CudaContext.TryEnter(driver, device, out _))
        {
            // The driver refuses blocks of no length.
            if (context is not null && driver.AllocateHost(nuint.Max(byteLength, 1)) is { IsOk: true, Value: var address }) return new PinnedBuffer(driver, device, address, byteLength);
        }

        driver.ReleasePrimaryContext(device);
        return null;
    }

    protected override void Free() => FreeBlock();

    // If its owner forgot to.
    ~PinnedBuffer() => FreeBlock();

    private void FreeBlock()
    {
        var address = Interlocked.Exchange(ref _address, 0);
        if (address == 0) return;
        using (CudaContext.TryEnter(_driver, _device, out _)) _driver.FreeHost(address);
        _driver.ReleasePrimaryContext(_device);
    }
}
