using System.Text;
using EdgeAI.Onnx;
using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>
/// A native session with what must live as long as it does: the model's opened files and the encoded names. Session and bindings each hold
/// a reference, so that disposing them in the wrong order, or during a run, cannot free it under native code.
/// </summary>
internal sealed unsafe class LoadedModel : ReferenceCounted
{
    // What a session of a model with one node takes (ONNX Runtime 1.31.1: 500 of them held, resident memory divided).
    private const long SessionOverhead = 71 << 10;

    private readonly ModelDescriptor _descriptor;
    private readonly long _nativeBytes;
    private readonly NativeStrings _inputNames;
    private readonly NativeStrings _outputNames;
    private readonly bool[] _isTensorOutput;
    private readonly IDisposable? _owned;

    /// <summary>Takes over the session, what the setup owns, and the caller's reference to the descriptor.</summary>
    public LoadedModel(NativeSession session, ModelDescriptor descriptor, OnnxSessionSetup setup)
    {
        _owned = setup.Owned;
        _descriptor = descriptor;
        _nativeBytes = descriptor.WeightBytes + SessionOverhead;
        GC.AddMemoryPressure(_nativeBytes);
        Session = session;
        DeviceId = setup.DeviceId;
        FindDeviceFault = setup.FindDeviceFault;
        ShapeLimits = descriptor is OnnxModelDescriptor { HasShapeLimits: true } limits ? limits : null;
        _isTensorOutput = [.. Signature.Outputs.Select(session.IsTensor)];
        _inputNames = new([.. Signature.Inputs.Select(i => i.Name)], Encoding.UTF8);
        _outputNames = new([.. Signature.Outputs.Select(o => o.Name)], Encoding.UTF8);
    }

    public NativeSession Session { get; }

    /// <summary>The descriptor, where it knows of input shapes that native code does not survive; <see langword="null"/> otherwise.</summary>
    public OnnxModelDescriptor? ShapeLimits { get; }

    public nint Handle => Session.Handle;

    public string DeviceId { get; }

    /// <summary>The device's own reading of errors; <see langword="null"/> where it has none.</summary>
    public Func<string, Exception?>? FindDeviceFault { get; }

    public string ModelId => _descriptor.Id;

    public ModelSignature Signature => _descriptor.Signature;

    public nint* InputNames => _inputNames.Pointers;

    public nint* OutputNames => _outputNames.Pointers;

    /// <summary>Whether an output is a dense tensor, as ONNX Runtime inferred it: models need not declare it.</summary>
    public bool IsTensorOutput(int index) => _isTensorOutput[index];

    protected override void Free()
    {
        Session.Dispose();
        _owned?.Dispose();
        NativeHeap.Trim();
        _inputNames.Dispose();
        _outputNames.Dispose();
        _descriptor.Release();
        GC.RemoveMemoryPressure(_nativeBytes);
    }
}
