namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>
/// The CUDA driver API, as far as it is used. Never throws. Devices count in the order that the process sees, <c>CUDA_VISIBLE_DEVICES</c> applied: the order
/// of ONNX Runtime too. Thread-safe; the current context belongs to the calling thread. Tests play recorded answers through it.
/// </summary>
internal interface ICudaDriver
{
    /// <summary>The newest CUDA version that the driver supports: 1000 × major + 10 × minor.</summary>
    Answer<int> GetVersion();

    Answer<int> GetDeviceCount();

    Answer<int> GetDevice(int ordinal);

    Answer<string> GetName(int device);

    Answer<Guid> GetUuid(int device);

    /// <summary>Such as <c>0000:01:00.0</c>.</summary>
    Answer<string> GetPciBusId(int device);

    /// <summary>Bytes.</summary>
    Answer<long> GetTotalMemory(int device);

    Answer<int> GetAttribute(int device, CudaAttribute attribute);

    /// <summary>Whether something in the process uses the device's primary context, the one that the CUDA runtime uses.</summary>
    Answer<bool> IsPrimaryContextActive(int device);

    /// <summary>Creates the primary context where nobody has; every call needs a <see cref="ReleasePrimaryContext"/>.</summary>
    Answer<nint> RetainPrimaryContext(int device);

    int ReleasePrimaryContext(int device);

    int PushContext(nint context);

    int PopContext();

    /// <summary>Bytes that are free in the current context's device.</summary>
    Answer<long> GetFreeMemory();

    /// <summary>The numbers for the least and the greatest priority in the current context; the greatest is the lower number.</summary>
    Answer<(int Least, int Greatest)> GetStreamPriorityRange();

    /// <summary>A stream in the current context that does not wait for the default stream.</summary>
    Answer<nint> CreateStream(int priority);

    int DestroyStream(nint stream);

    /// <summary>Page-locked memory that every context of the process may use.</summary>
    Answer<nint> AllocateHost(nuint byteLength);

    int FreeHost(nint address);

    /// <summary>The address by which the current context's device knows memory of <see cref="AllocateHost"/>: the same one on systems with unified addressing.</summary>
    Answer<nint> GetDeviceAddress(nint hostAddress);

    /// <summary>Memory that every device and the host may use, and that the driver moves to whoever does; freed by <see cref="Free"/>.</summary>
    Answer<nint> AllocateManaged(nuint byteLength);

    /// <summary>Memory of the current context's device, which the host cannot reach; freed by <see cref="Free"/>.</summary>
    Answer<nint> AllocateDevice(nuint byteLength);

    /// <summary>Frees memory of <see cref="AllocateDevice"/> or <see cref="AllocateManaged"/>.</summary>
    int Free(nint address);

    /// <summary>Copies in the order of the stream. Host memory that is not page-locked is read before the call returns.</summary>
    int CopyToDevice(nint device, nint host, nuint byteLength, nint stream);

    /// <summary>Copies in the order of the stream. The host may read it after <see cref="Synchronize"/>.</summary>
    int CopyToHost(nint host, nint device, nuint byteLength, nint stream);

    /// <summary>Copies in the order of the stream.</summary>
    int CopyOnDevice(nint destination, nint source, nuint byteLength, nint stream);

    /// <summary>Waits until everything in the stream is done; also reports what failed there.</summary>
    int Synchronize(nint stream);
}
