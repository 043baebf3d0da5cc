using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>Memory that ONNX Runtime allocated for an output: owns the native value, which goes with the last reference.</summary>
internal sealed class OrtValueBuffer : DeviceBuffer
{
    private readonly nint _address;
    private nint _value;

    public OrtValueBuffer(nint value, nint address, nuint byteLength)
        : base(byteLength, isHostAccessible: true)
    {
        _value = value;
        _address = address;
    }

    public override nint Address => _address;

    protected override void Free() => ReleaseValue();

    // A caller that forgets to dispose an output must not keep the session's arena alive for ever.
    ~OrtValueBuffer() => ReleaseValue();

    private void ReleaseValue()
    {
        var value = Interlocked.Exchange(ref _value, 0);
        if (value != 0) NativeApi.ReleaseValue(value);
    }
}
