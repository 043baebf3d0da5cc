using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Memory;

/// <summary>One block of the driver, freed with the last reference. It keeps the context that it belongs to.</summary>
internal sealed class CudaBlock : DeviceBuffer
{
    private readonly ICudaDriver _driver;
    private readonly int _device;
    private readonly BlockKind _kind;
    private readonly BlockMap? _map;
    private nint _address;

    private CudaBlock(ICudaDriver driver, int device, BlockKind kind, nint address, nuint byteLength, BlockMap? map)
        : base(byteLength, isHostAccessible: kind != BlockKind.Device)
    {
        _driver = driver;
        _device = device;
        _kind = kind;
        _address = address;
        _map = map;
    }

    public override nint Address => _address;

    /// <summary>Allocates a block; <see langword="null"/> where the driver refuses.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="device">The driver's device.</param>
    /// <param name="kind">How.</param>
    /// <param name="byteLength">Its size; 0 is allowed.</param>
    /// <param name="map">Lists the block as long as it lives, with the address by which the GPU knows it; <see langword="null"/>: nobody asks.</param>
    /// <param name="code">The driver's result; 0 with a block.</param>
    public static CudaBlock? TryAllocate(ICudaDriver driver, int device, BlockKind kind, nuint byteLength, BlockMap? map, out int code)
    {
        // Held until the block is gone: without its context it would be nothing.
        code = driver.RetainPrimaryContext(device).Code;
        if (code != 0) return null;
        using (var context = CudaContext.TryEnter(driver, device, out code))
        {
            if (context is not null && TryAllocate(driver, kind, byteLength, out code) is { } address)
            {
                if (map is null || TryList(driver, kind, address, byteLength, map, out code)) return new CudaBlock(driver, device, kind, address, byteLength, map);
                Free(driver, kind, address);
            }
        }

        driver.ReleasePrimaryContext(device);
        return null;
    }

    protected override void Free() => FreeBlock();

    // If its owner forgot to.
    ~CudaBlock() => FreeBlock();

    private static nint? TryAllocate(ICudaDriver driver, BlockKind kind, nuint byteLength, out int code)
    {
        // The driver refuses blocks of no length.
        var bytes = nuint.Max(byteLength, 1);
        var block = kind switch
        {
            BlockKind.Host => driver.AllocateHost(bytes),
            BlockKind.Managed => driver.AllocateManaged(bytes),
            _ => driver.AllocateDevice(bytes),
        };
        code = block.Code;
        return block.IsOk ? block.Value : null;
    }

    private static bool TryList(ICudaDriver driver, BlockKind kind, nint address, nuint byteLength, BlockMap map, out int code)
    {
        // Only page-locked host memory may have another address for the GPU.
        var deviceAddress = kind == BlockKind.Host ? driver.GetDeviceAddress(address) : new(0, address);
        code = deviceAddress.Code;
        if (code == 0) map.Add(address, byteLength, deviceAddress.Value);
        return code == 0;
    }

    private static void Free(ICudaDriver driver, BlockKind kind, nint address)
    {
        if (kind == BlockKind.Host) driver.FreeHost(address);
        else driver.Free(address);
    }

    private void FreeBlock()
    {
        var address = Interlocked.Exchange(ref _address, 0);
        if (address == 0) return;

        // Before the driver can give the address to somebody else.
        _map?.Remove(address);
        using (CudaContext.TryEnter(_driver, _device, out _)) Free(_driver, _kind, address);
        _driver.ReleasePrimaryContext(_device);
    }
}
