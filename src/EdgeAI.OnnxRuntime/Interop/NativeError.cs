using System.Runtime.InteropServices;

namespace EdgeAI.OnnxRuntime.Interop;

/// <summary>What a failed call of the C API reported.</summary>
/// <param name="Code">Its kind.</param>
/// <param name="Message">ONNX Runtime's own text.</param>
internal sealed record NativeError(NativeErrorCode Code, string Message)
{
    /// <summary>Reads and releases a status; <see langword="null"/> for success.</summary>
    public static NativeError? Take(nint status)
    {
        if (status == 0) return null;
        var error = new NativeError(NativeApi.GetErrorCode(status), Marshal.PtrToStringUTF8(NativeApi.GetErrorMessage(status)) ?? "");
        NativeApi.ReleaseStatus(status);
        return error;
    }

    /// <summary>For calls that fail only when memory runs out or the API is misused.</summary>
    /// <exception cref="InvalidOperationException">The call failed.</exception>
    public static void ThrowIfFailed(nint status)
    {
        if (Take(status) is { } error) throw new InvalidOperationException($"ONNX Runtime: {error.Message}");
    }
}
