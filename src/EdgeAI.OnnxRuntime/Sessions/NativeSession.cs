using EdgeAI.OnnxRuntime.Interop;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>
/// A native session: the managed package's, which callers can ask for, or a bare handle where that package cannot express the model's
/// inputs and outputs (it knows element types up to bfloat16 only, and fails on 8-bit floats and 4-bit integers).
/// </summary>
internal sealed unsafe class NativeSession : IDisposable
{
    private NativeSession(nint handle, InferenceSession? managed)
    {
        Handle = handle;
        Managed = managed;
    }

    /// <summary>The <c>OrtSession*</c>.</summary>
    public nint Handle { get; private set; }

    /// <summary>The managed package's session; <see langword="null"/> for a bare handle.</summary>
    public InferenceSession? Managed { get; }

    /// <summary>Loads a model.</summary>
    /// <exception cref="ModelLoadException">ONNX Runtime refuses it.</exception>
    /// <exception cref="DeviceFaultException">The device failed.</exception>
    public static NativeSession Create(byte[] bytes, SessionOptions options, ModelDescriptor model, OnnxSessionSetup setup)
    {
        if (model.Signature.Inputs.Concat(model.Signature.Outputs).Any(spec => spec.ElementType > TensorElementType.BFloat16)) return CreateBare(bytes, options, model, setup);
        try
        {
            var session = new InferenceSession(bytes, options);
            return new(ManagedHandles.GetHandle(session), session);
        }
        catch (Exception e) when (e is OnnxRuntimeException or KeyNotFoundException)
        {
            // The managed package fails with KeyNotFoundException on native error codes that it has no name for.
            throw NativeFailure.AtOpen(WithoutCode(e.Message), model, setup, e);
        }
    }

    /// <summary>Whether an output is a dense tensor, as ONNX Runtime inferred it: models need not declare it.</summary>
    public bool IsTensor(TensorSpec output) => Managed is null
        ? output.ElementType != TensorElementType.Undefined
        : Managed.OutputMetadata.TryGetValue(output.Name, out var type) && type.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR;

    public void Dispose()
    {
        if (Managed is not null) Managed.Dispose();
        else if (Handle != 0) NativeApi.ReleaseSession(Handle);
        Handle = 0;
    }

    private static NativeSession CreateBare(byte[] bytes, SessionOptions options, ModelDescriptor model, OnnxSessionSetup setup)
    {
        nint handle;
        fixed (byte* first = bytes)
        {
            var status = NativeApi.CreateSessionFromArray(OrtEnv.Instance().DangerousGetHandle(), first, (nuint)bytes.Length, options.DangerousGetHandle(), &handle);
            if (NativeError.Take(status) is { } error) throw NativeFailure.AtOpen(error.Message, model, setup);
        }

        return new(handle, managed: null);
    }

    // The managed package writes "[ErrorCode:Fail] " in front.
    private static string WithoutCode(string message) =>
        message.StartsWith("[ErrorCode:", StringComparison.Ordinal) && message.IndexOf("] ", StringComparison.Ordinal) is var end and > 0 ? message[(end + 2)..] : message;
}
