using System.Runtime.InteropServices;
using System.Text;
using EdgeAI.Onnx;
using EdgeAI.OnnxRuntime.Interop;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>
/// Hands ONNX Runtime exactly the bytes that were checked: the model as an array, and each file of external data as the memory that was
/// opened and checked, under the name that the model gives it. No file is opened again, so nothing can be swapped in between.
/// </summary>
internal static unsafe class ModelContent
{
    private const string BorrowFileBuffers = "session.use_external_initializer_file_buffers_directly";

    /// <summary>The serialized model, with its external data registered in the options: borrowed, where its alignment permits, for as long as the session lives.</summary>
    /// <exception cref="ModelLoadException">The descriptor does not offer its content, or the content has changed.</exception>
    public static byte[] Prepare(ModelDescriptor model, SessionOptions options)
    {
        var content = model.GetService<OnnxModelContent>()
            ?? throw new ModelLoadException("the descriptor offers no ONNX content; open the model with OnnxModelDescriptor.Open.", model.Id);
        if (content.ExternalFiles.Count > 0) AddFiles(content.ExternalFiles, options);
        var bytes = content.GetModelBytes();
        return MemoryMarshal.TryGetArray(bytes, out var array) && array.Offset == 0 && array.Count == array.Array!.Length ? array.Array : bytes.ToArray();
    }

    private static void AddFiles(IReadOnlyList<OnnxExternalFile> files, SessionOptions options)
    {
        options.AddSessionConfigEntry(BorrowFileBuffers, "1");
        using var names = new NativeStrings([.. files.Select(f => f.Location)], OperatingSystem.IsWindows() ? Encoding.Unicode : Encoding.UTF8);
        var addresses = files.Select(f => f.Address).ToArray();
        var lengths = files.Select(f => (nuint)f.Length).ToArray();
        fixed (nint* firstAddress = addresses)
        fixed (nuint* firstLength = lengths)
        {
            NativeError.ThrowIfFailed(NativeApi.AddExternalInitializersFromFilesInMemory(
                options.DangerousGetHandle(), names.Pointers, firstAddress, firstLength, files.Count));
        }
    }
}
