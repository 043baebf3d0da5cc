using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime.Interop;

/// <summary>Native handles that the managed package keeps to itself. The only place that depends on its internals.</summary>
internal static class ManagedHandles
{
    /// <summary>The <c>OrtSession*</c>.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Handle")]
    public static extern nint GetHandle(InferenceSession session);
}
